package dev.claimant.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where a copy goes: first where it belongs; if that queue is full or gone, where it is safe too. */
final class Detours {

    /** A message that cannot be given up now comes back after this long to be given up then. */
    private static final Duration GIVEN_UP_LATER = Duration.ofMinutes(1);

    private Detours() {}

    /** The level of the delay, the longer ones, at last the shorter ones. */
    static List<String> ofRetry(RabbitMqConfig config, Duration delay) {
        return delay.isZero() ? List.of(config.queue) : from(config, Topology.retryQueue(config, delay));
    }

    /** The dead-letter queue; else the message waits in a retry queue and is given up when it comes back. */
    static List<String> ofDeadLetter(RabbitMqConfig config, String dead, boolean retriesReturn) {
        List<String> queues = new ArrayList<>(List.of(dead));
        if (retriesReturn) {
            queues.addAll(from(config, Topology.retryQueue(config, Topology.kept(config, GIVEN_UP_LATER))));
        }
        return queues;
    }

    private static List<String> from(RabbitMqConfig config, String first) {
        List<String> all = Topology.retryQueues(config);
        int index = all.indexOf(first);
        List<String> queues = new ArrayList<>(all.subList(index, all.size()));
        List<String> shorter = new ArrayList<>(all.subList(0, index));
        Collections.reverse(shorter);
        queues.addAll(shorter);
        return queues;
    }
}
