package dev.claimant.sample.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A line that the terminal wraps takes two rows, of which only one would be erased. */
class ProgressTest {

    private static final int COLUMNS = 60;
    private static final int MANY = 99_999;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Progress progress = Progress.picture(new PrintStream(printed, true, UTF_8));

    static Stream<Scene> largestScenes() {
        Duration days = Duration.ofSeconds(MANY);
        return Stream.of(
                new ClapScene(
                        new ClapAudience.Counts(MANY, MANY, 0, 0, MANY), MANY, MANY, MANY, MANY, MANY, MANY, days),
                new HelloScene(MANY, MANY, MANY, MANY, MANY, MANY, days));
    }

    @ParameterizedTest
    @MethodSource("largestScenes")
    void aTerminalOfSixtyColumnsShowsTheLatestPictureOnceBelowTheNews(Scene scene) {
        progress.show(scene);
        progress.news("a pod is gone");
        progress.show(scene);
        progress.news("a line of news that is longer than the terminal is wide, so that it is wrapped by it");
        progress.show(scene);
        progress.show(scene);

        List<String> rows = new ArrayList<>(List.of(
                "  a pod is gone",
                "  a line of news that is longer than the terminal is wide, s",
                "o that it is wrapped by it"));
        rows.addAll(scene.asPicture());
        assertThat(screen()).isEqualTo(rows);
    }

    @Test
    void theTerminalOfThisTestLeavesARowOfALineThatIsTooLong() {
        String line = "x".repeat(COLUMNS + 1);
        assertThat(screen(line + "\n\033[1A\033[J")).containsExactly("x".repeat(COLUMNS));
    }

    private List<String> screen() {
        return screen(printed.toString(UTF_8).replace(System.lineSeparator(), "\n"));
    }

    /** The rows of a terminal that understands lines, "cursor up by n rows" and "erase below the cursor". */
    private static List<String> screen(String sent) {
        List<String> rows = new ArrayList<>();
        Matcher next = Pattern.compile("\033\\[(\\d+)A\033\\[J|([^\033\n]*)\n").matcher(sent);
        while (next.lookingAt()) {
            if (next.group(1) != null) {
                int kept = rows.size() - Integer.parseInt(next.group(1));
                rows.subList(kept, rows.size()).clear();
            } else {
                String line = next.group(2);
                for (int at = 0; at == 0 || at < line.length(); at += COLUMNS) {
                    rows.add(line.substring(at, Math.min(line.length(), at + COLUMNS)));
                }
            }
            next.region(next.end(), sent.length());
        }
        assertThat(next.regionStart()).as("all of it is understood").isEqualTo(sent.length());
        return rows;
    }
}
