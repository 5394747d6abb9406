package dev.claimant.sample.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One moment of a demo, in numbers. */
public interface Scene {

    /** No line is longer than 60 columns: a terminal that wraps one would be erased wrongly. */
    int BAR = 30;

    Duration elapsed();

    /** For logs and pipes. */
    String asLine();

    /** For terminals. */
    List<String> asPicture();

    default double seconds() {
        return elapsed().toMillis() / 1000.0;
    }

    static String bar(String what, int done, int all) {
        int length = Math.min(BAR, done * BAR / all);
        return String.format(
                Locale.ROOT, "  %-12s [%s%s] %d/%d", what, "#".repeat(length), ".".repeat(BAR - length), done, all);
    }
}
