package dev.claimant.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The queues that a source needs. A retry queue keeps messages up to its 4^k seconds, each as long as its own expiration says unless
 * another one before it has longer to wait, and then lets the broker move them back to the queue, at least once.
 *
 * @see <a href="https://www.rabbitmq.com/docs/quorum-queues#dead-lettering">At-least-once dead lettering</a>
 */
final class Topology {

    /** A limit that nothing reaches; without any, a quorum queue puts what comes back at its end. */
    static final int MANY = 1_000_000;

    /** From one retry queue's time to the next one's: the larger, the fewer queues, and the longer a delay may wait behind another. */
    private static final int FACTOR = 4;

    private Topology() {}

    /** The delay that can be kept, instead of this one. */
    static Duration kept(RabbitMqConfig config, Duration delay) {
        Duration longest = config.longestRetry;
        if (longest == null || delay.isNegative()) {
            return Duration.ZERO;
        }
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    /** Where a message waits out this delay. */
    static String retryQueue(RabbitMqConfig config, Duration delay) {
        return retryQueue(config, level(delay));
    }

    private static String retryQueue(RabbitMqConfig config, long seconds) {
        return config.queue + ".retry." + seconds + "s";
    }

    /** How long this retry queue keeps a message at most. */
    static long millis(String retryQueue) {
        return 1000 * Long.parseLong(retryQueue.substring(retryQueue.lastIndexOf('.') + 1, retryQueue.length() - 1));
    }

    /** The least power of four of seconds that is not shorter. */
    private static long level(Duration delay) {
        long seconds = Math.max(1, delay.plusNanos(999_999_999).toSeconds());
        long level = 1;
        while (level < seconds) {
            level *= FACTOR;
        }
        return level;
    }

    /** How many bytes the longest name of a retry queue has beyond the queue's own. */
    static int longestSuffix(Duration longestRetry) {
        return (".retry." + level(longestRetry) + "s").length();
    }

    static List<String> retryQueues(RabbitMqConfig config) {
        List<String> queues = new ArrayList<>();
        Duration longest = config.longestRetry;
        if (longest != null) {
            for (long seconds = 1; seconds <= level(longest); seconds *= FACTOR) {
                queues.add(retryQueue(config, seconds));
            }
        }
        return queues;
    }

    /** All queues that a source needs, its own last. */
    static List<String> names(RabbitMqConfig config) {
        List<String> names = retryQueues(config);
        String dead = config.deadLetterQueue;
        if (dead != null) {
            names.add(dead);
        }
        names.add(config.queue);
        return names;
    }

    /**
     * What is wrong with the queues, each as one sentence; where the settings say so, missing ones are declared first.
     *
     * @param enough if these can be used, the others are not looked at
     */
    static List<String> problems(QueueProbe probe, RabbitMqConfig config, List<String> enough) throws IOException {
        try {
            if (probe.areThere(enough)) {
                return new ArrayList<>();
            }
        } catch (IOException | ShutdownSignalException e) {
            if (!RabbitMqErrors.isRefused(e)) {
                throw e;
            }
        }
        return problems(probe, config, config.declare);
    }

    /** The same, and whatever is missing is declared. */
    static List<String> declare(QueueProbe probe, RabbitMqConfig config) throws IOException {
        return problems(probe, config, true);
    }

    private static List<String> problems(QueueProbe probe, RabbitMqConfig config, boolean declare) throws IOException {
        List<String> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Map<String, Object>> queue : queues(config).entrySet()) {
            String name = queue.getKey();
            try {
                if (probe.areThere(List.of(name))) {
                    continue;
                }
                if (declare) {
                    probe.channel().queueDeclare(name, true, false, false, queue.getValue());
                } else {
                    missing.add("'" + name + "'");
                }
            } catch (IOException | ShutdownSignalException e) {
                if (!RabbitMqErrors.isRefused(e)) {
                    throw e;
                }
                problems.add("queue: '" + name + "' cannot be used: " + RabbitMqErrors.describe(e));
            }
        }
        if (!missing.isEmpty()) {
            problems.add("queue: the virtual host '" + config.access.vhost + "' has no " + String.join(", ", missing)
                    + "; let RabbitMqSource.declare make them once, or say declare()");
        }
        return problems;
    }

    /** Each queue with the arguments that it is declared with. */
    static Map<String, Map<String, Object>> queues(RabbitMqConfig config) {
        Map<String, Map<String, Object>> queues = new LinkedHashMap<>();
        String kind = config.quorum ? "quorum" : "classic";
        String dead = config.deadLetterQueue;
        if (dead != null) {
            // To look at dead letters is to take them and give them back, which some brokers count.
            queues.put(
                    dead,
                    config.quorum
                            ? Map.of("x-queue-type", kind, "x-delivery-limit", MANY)
                            : Map.of("x-queue-type", kind));
        }
        Map<String, Object> main =
                dead == null ? new HashMap<>(Map.of("x-queue-type", kind)) : deadLetteringTo(dead, kind);
        if (config.inOrder) {
            main.put("x-single-active-consumer", true);
            main.put("x-delivery-limit", MANY);
        }
        queues.put(config.queue, main);
        for (String retryQueue : retryQueues(config)) {
            Map<String, Object> arguments = deadLetteringTo(config.queue, "quorum");
            arguments.put("x-message-ttl", millis(retryQueue));
            queues.put(retryQueue, arguments);
        }
        return queues;
    }

    /** A classic queue dead-letters at most once; a quorum queue does better, on the condition that it never drops what overflows. */
    private static Map<String, Object> deadLetteringTo(String queue, String kind) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", kind);
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", queue);
        if (kind.equals("quorum")) {
            arguments.put("x-dead-letter-strategy", "at-least-once");
            arguments.put("x-overflow", "reject-publish");
        }
        return arguments;
    }
}
