package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StackTextTest {

    @Test
    void everyCauseIsNamedHoweverDeepTheStackAboveIt() {
        IOException reset = deep(new IOException("connection reset"));
        IllegalStateException failed = deep(new IllegalStateException("cannot send", reset));

        assertThat(StackText.of(deep(new PermanentFailure("no such customer", failed))))
                .startsWith(
                        "dev.claimant.PermanentFailure: no such customer\n\tat com.example.Proxy.invoke(Proxy.java:17)\n")
                .contains("\nCaused by: java.lang.IllegalStateException: cannot send\n")
                .contains("\nCaused by: java.io.IOException: connection reset\n")
                .endsWith("\t... 488 more\n");
    }

    @Test
    void aLongMessageHidesNoCause() {
        IOException cause = new IOException("connection reset");

        assertThat(StackText.of(new IllegalStateException("x".repeat(100_000), cause)))
                .contains("\nCaused by: java.io.IOException: connection reset\n")
                .hasSizeLessThanOrEqualTo(8_000);
    }

    @Test
    void causesInACircleEnd() {
        Exception first = new Exception("first");
        first.initCause(new Exception("second", first));

        assertThat(StackText.of(first)).hasSizeLessThanOrEqualTo(8_000);
    }

    private static <T extends Throwable> T deep(T failure) {
        StackTraceElement[] stack = new StackTraceElement[500];
        Arrays.fill(stack, new StackTraceElement("com.example.Proxy", "invoke", "Proxy.java", 17));
        failure.setStackTrace(stack);
        return failure;
    }
}
