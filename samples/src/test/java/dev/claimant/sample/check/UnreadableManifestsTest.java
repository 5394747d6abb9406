package dev.claimant.sample.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.Arguments;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes from somewhere else may be anything: a finding with its line, never a stack trace, and never "no findings". */
class UnreadableManifestsTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    static Stream<ArgumentSet> broken() {
        return Stream.of(
                broken("nothing", "", 1),
                broken("comments alone", "# nothing\n---\n---\n", 1),
                broken("a text", "Error: no such overlay\n", 1),
                broken("a list", "- a\n- b\n", 1),
                broken("without a kind", "metadata: {name: a}\n", 1),
                broken("a tab", "kind: ScaledJob\n\tspec: 1\n", 2),
                broken("a character of control", "kind: ScaledJob\nspec: \u0001\n", 2),
                broken("nested too deep", "kind: ScaledJob\nspec: " + "[".repeat(5_000) + "\n", 1),
                broken("more aliases than are allowed", aliases(60), 1),
                broken("aliases that double each time", aliases(24), 3),
                broken("an alias in what it names", "kind: ScaledJob\nspec: &a\n  x: *a\n", 3),
                broken("a merge of a text", "kind: ScaledJob\nspec:\n  <<: text\n", 3),
                broken("a merge of itself", "kind: ScaledJob\nspec: &a\n  <<: *a\n", 3),
                broken("a kind in small letters", "kind: Scaledjob\napiVersion: keda.sh/v1alpha1\n", 1));
    }

    private static ArgumentSet broken(String name, String text, int line) {
        return org.junit.jupiter.params.provider.Arguments.argumentSet(name, text, line);
    }

    private static String aliases(int levels) {
        StringBuilder text = new StringBuilder("kind: ScaledJob\na0: &a0 [x, x]\n");
        for (int level = 1; level <= levels; level++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(level, level, level - 1, level - 1));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void itIsAFinding(String text, int line) throws IOException {
        assertThat(check(text, UTF_8)).isEqualTo(1);

        assertThat(printed.toString(UTF_8)).contains("-:" + line + ": ");
    }

    @Test
    void whatIsNotInUtf8IsAFindingWithItsLine() throws IOException {
        assertThat(check("kind: ScaledJob\n\nspec: Gr\u00fc\u00dfe\n", ISO_8859_1))
                .isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("-:3: yaml: no YAML: not in UTF-8");

        assertThat(check("kind: ScaledJob\n", UTF_16)).isEqualTo(1);
    }

    /** As Windows writes it, and as {@code kubectl get -o yaml} prints it. */
    @Test
    void whatOthersWriteIsReadAllTheSame() throws IOException {
        String manifest = BrokenManifest.of("rollout").text();
        assertThat(check("\uFEFF" + manifest.replace("\n", "\r\n"), UTF_8)).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains(": rollout: ");

        printed.reset();
        String list = "apiVersion: v1\nkind: List\nitems:\n  - "
                + BrokenManifest.base("postgres jobs")
                        .replace("pollingInterval", "poolingInterval")
                        .transform(text -> text.substring(text.lastIndexOf("---\n") + 4))
                        .indent(4)
                        .strip();
        assertThat(check(list, UTF_8)).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("unknown-field: ", "poolingInterval");
    }

    /** kubectl reads merge keys; what a field says itself wins, then the first of the merged maps. */
    @Test
    void mergeKeysAreFollowed() throws IOException {
        String manifest = BrokenManifest.base("postgres jobs")
                .replace("requests: {cpu: 250m, memory: 256Mi}", "requests: &small {cpu: 250m, memory: 256Mi}");
        String limits = "limits: {memory: 256Mi}";
        assertThat(manifest).contains("&small", limits);

        assertThat(check(manifest.replace(limits, "limits: {<<: *small}"), UTF_8))
                .as(printed.toString(UTF_8))
                .isZero();
        assertThat(check(manifest.replace(limits, "limits: {<<: [{memory: 1Gi}, *small], cpu: 250m}"), UTF_8))
                .as(printed.toString(UTF_8))
                .isZero();
        assertThat(check(manifest.replace(limits, "limits: {memory: 1Mi, <<: *small}"), UTF_8))
                .isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("requests-above-limits: ", "above its limit, 1Mi");

        printed.reset();
        assertThat(check(manifest.replace("cpu: 250m,", "cpu: 250m, <<: {cpus: true},"), UTF_8))
                .isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("wrong-type: ").contains("cpus is true");
    }

    @Test
    void thousandsOfFieldsAreRead() throws IOException {
        StringBuilder text = new StringBuilder("kind: ConfigMap\ndata:\n");
        for (int field = 0; field < 200_000; field++) {
            text.append("  k").append(field).append(": x\n");
        }
        assertThat(check(text.append("  k7: y\n").toString(), UTF_8)).isEqualTo(1);

        assertThat(printed.toString(UTF_8)).contains("-:200003: repeated-field: data.k7 is there twice");
    }

    @Test
    void aKustomizationThatNamesItselfOrWhatIsNoneIsAFinding() throws IOException {
        Path kustomization =
                Files.writeString(folder.resolve("kustomization.yaml"), "resources:\n  - ../" + folder.getFileName());
        assertThat(check(kustomization)).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains(kustomization + ":2: resource: ", "already");

        printed.reset();
        Files.createDirectory(folder.resolve("base"));
        Files.writeString(kustomization, "resources:\n  - base\n");
        assertThat(check(kustomization)).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains(":2: resource: base has no kustomization.yaml");
    }

    @Test
    void aTargetOfAnotherKindIsCalledByItsName() throws IOException {
        String all = BrokenManifest.base("postgres workers");
        String scaledObject = all.substring(all.lastIndexOf("---\n"))
                .replace("scaleTargetRef:", "scaleTargetRef:\n    kind: StatefulSet\n    apiVersion: apps/v1");

        assertThat(check(scaledObject, UTF_8)).isZero();

        assertThat(printed.toString(UTF_8)).contains("its StatefulSet emails, which is not among the files");
    }

    private int check(String text, Charset charset) throws IOException {
        return check("-", new ByteArrayInputStream(text.getBytes(charset)));
    }

    private int check(Path file) throws IOException {
        return check(file.toString(), InputStream.nullInputStream());
    }

    private int check(String file, InputStream in) throws IOException {
        return CheckCommand.run(
                new Arguments(java.util.List.of("-f", file)), in, new PrintStream(printed, true, UTF_8));
    }
}
