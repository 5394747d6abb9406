package dev.claimant.sample.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.manifests.ManifestsCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A manifest that one rule is broken by, out of {@code broken.yaml}.
 *
 * @param line how the line begins that the finding must point at
 */
record BrokenManifest(String text, String line) {

    private static final Map<?, ?> ALL = Resources.table("broken.yaml");

    static Set<?> rules() {
        return ALL.keySet();
    }

    static BrokenManifest of(String rule) {
        Map<?, ?> entry = (Map<?, ?>) requireNonNull(ALL.get(rule));
        String text = base(String.valueOf(entry.get("base")));
        String line = "";
        for (Object edit : (List<?>) requireNonNull(entry.get("edits"))) {
            String before = String.valueOf(((List<?>) edit).get(0));
            String after = String.valueOf(((List<?>) edit).get(1));
            if (!before.isEmpty()) {
                assertThat(text.split(Pattern.quote(before), -1))
                        .as("once: " + before)
                        .hasSize(2);
            }
            text = before.isEmpty() ? after : text.replace(before, after);
            line = after.lines().findFirst().orElse("").strip();
        }
        return new BrokenManifest(text, entry.containsKey("line") ? String.valueOf(entry.get("line")) : line);
    }

    /** A sound manifest: of one's own worker, or of the sample. */
    static String base(String name) {
        return switch (name) {
            case "none" -> "";
            case "postgres both" -> base("postgres jobs") + "---\n" + base("postgres workers");
            case "sample" ->
                base("postgres jobs")
                        .replace(
                                "            env:\n",
                                "            env:\n" + variable("SOURCE", "postgres") + variable("PGHOST", "db")
                                        + variable("PGDATABASE", "app") + variable("PGUSER", "app"));
            default -> printed(name.split(" "));
        };
    }

    private static String variable(String name, String value) {
        return "              - name: " + name + "\n                value: " + value + "\n";
    }

    private static String printed(String... sourceAndMode) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>(Arrays.asList(sourceAndMode));
        words.addAll(
                List.of("--queue", "emails", "--image", "registry.example.com/emails:1", "--secret", "emails-secret"));
        ManifestsCommand.run(new Arguments(words), new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8);
    }
}
