package dev.claimant.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether settings can be used; a sentence for each that cannot, with its name and value. */
final class Checks {

    private Checks() {}

    /** What AMQP takes, in bytes of UTF-8. */
    private static final int LONGEST_NAME = 255;

    /** @param room how many bytes the names that are made of it are longer */
    static void name(List<String> problems, String setting, @Nullable String value, int room) {
        int most = LONGEST_NAME - room;
        int bytes = value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
        if (value == null || value.isBlank() || bytes > most || value.startsWith("amq.")) {
            problems.add(setting + ": " + (value == null ? "null" : "'" + value + "'") + " is not a queue's name: 1 to "
                    + most
                    + " bytes" + (bytes > most ? " (it has " + bytes + ")" : "") + ", not beginning with amq."
                    + (room > 0 ? "; the names of retry queues are " + room + " bytes longer" : ""));
        }
    }

    static void within(List<String> problems, String setting, @Nullable Duration value, Duration least, Duration most) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(setting + ": " + value + " is not between " + least + " and " + most);
        }
    }
}
