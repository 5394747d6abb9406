package dev.claimant.rabbitmq;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether settings can be used; a sentence for each that cannot, with its name and value. */
final class Checks {

    private Checks() {}

    static void name(List<String> problems, String setting, @Nullable String value) {
        if (value == null || value.isBlank() || value.length() > 200 || value.startsWith("amq.")) {
            problems.add(setting + ": " + (value == null ? "null" : "'" + value + "'")
                    + " is not a queue's name: 1 to 200 characters, not beginning with amq.");
        }
    }

    static void within(List<String> problems, String setting, @Nullable Duration value, Duration least, Duration most) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(setting + ": " + value + " is not between " + least + " and " + most);
        }
    }
}
