package dev.claimant.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether settings can be used; a sentence for each that cannot, with its name and value. */
final class Checks {

    static final Duration LEAST_CONSUMER_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LONGEST_RETRY = Duration.ofDays(7);

    /** What AMQP takes, in bytes of UTF-8. */
    private static final int LONGEST_NAME = 255;

    private Checks() {}

    /** All that can be checked without a file or a broker, except the {@link Access}. */
    static void check(List<String> problems, RabbitMqConfig.Builder config) {
        Duration longestRetry = config.longestRetry;
        name(
                problems,
                "queue",
                config.queue,
                longestRetry == null || config.inOrder ? 0 : Topology.longestSuffix(longestRetry));
        if (config.deadLetterQueue != null) {
            name(problems, "deadLetterQueue", config.deadLetterQueue, 0);
        }
        if (config.queue != null && config.queue.equals(config.deadLetterQueue)) {
            problems.add("deadLetterQueue: '" + config.queue + "' is the queue itself");
        }
        if (config.inOrder && !config.quorum) {
            problems.add(
                    "inOrder: a classic queue counts no attempts of a message that keeps its place; take a quorum queue");
        }
        if (longestRetry != null) {
            within(problems, "longestRetry", longestRetry, Duration.ofSeconds(1), LONGEST_RETRY);
        }
        Duration consumerTimeout = config.consumerTimeout;
        if (consumerTimeout != null && !consumerTimeout.isZero()) {
            within(problems, "consumerTimeout", consumerTimeout, LEAST_CONSUMER_TIMEOUT, Duration.ofDays(365));
        }
        within(problems, "requestTimeout", config.requestTimeout, Duration.ofSeconds(1), Duration.ofMinutes(1));
        if (config.largestBody < 1024 || config.largestBody > BodyLimit.LARGEST_OF_ALL) {
            problems.add("largestBody: " + config.largestBody + " is not between 1024 and " + BodyLimit.LARGEST_OF_ALL);
        }
    }

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
