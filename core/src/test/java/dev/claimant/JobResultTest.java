package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobResultTest {

    @Test
    void theSummaryNamesEveryNumber() {
        assertThat(new JobResult(1, 36, 2, 3, 4, 5, 6, 7, null).toJson())
                .isEqualTo("{\"exitCode\":1,\"claimed\":36,\"completed\":2,\"retried\":3,\"reserved\":4,"
                        + "\"deadLettered\":5,\"released\":6,\"lost\":7}");
    }

    @Test
    void theProblemIsTheLastMember() {
        assertThat(withProblem("slots: 0 must be at least 1"))
                .endsWith(",\"lost\":0,\"problem\":\"slots: 0 must be at least 1\"}");
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertThat(withProblem("cannot open \"C:\\queue\"")).endsWith("\"cannot open \\\"C:\\\\queue\\\"\"}");
    }

    @Test
    void controlCharactersAreEscapedSoThatTheSummaryStaysOneLine() {
        assertThat(withProblem("first\nsecond\r\t\0\u001f"))
                .endsWith("\"first\\u000asecond\\u000d\\u0009\\u0000\\u001f\"}");
    }

    @Test
    void otherCharactersStayAsTheyAre() {
        assertThat(withProblem("größer / 待ち行列 / 🐘")).endsWith("\"größer / 待ち行列 / 🐘\"}");
    }

    @Test
    void halfAnEmojiIsEscapedSoThatTheSummaryCanBeWrittenAsUtf8() {
        String json = withProblem("cut \ud83d");

        assertThat(json).endsWith("\"cut \\ud83d\"}");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(json)).isTrue();
    }

    private static String withProblem(@Nullable String problem) {
        return new JobResult(78, 0, 0, 0, 0, 0, 0, 0, problem).toJson();
    }
}
