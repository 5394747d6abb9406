package dev.claimant.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * How long no broker has been heard. A client says nothing of that: it polls on, and what it cannot fetch looks like an empty topic. But it
 * counts the bytes that come in, and a member of a group gets some with every heartbeat. On the polling thread only.
 */
final class SignsOfLife {

    private final Consumer<byte[], byte[]> consumer;
    private @Nullable Metric received;
    private double lastReceived = -1;
    private long lastHeard = System.nanoTime();

    SignsOfLife(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    Duration silence() {
        double now = received();
        if (now != lastReceived) {
            lastReceived = now;
            lastHeard = System.nanoTime();
        }
        return Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    private double received() {
        Metric known = received;
        if (known == null) {
            known = consumer.metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals("incoming-byte-total")
                            && metric.metricName().group().equals("consumer-metrics"))
                    .findFirst()
                    .orElse(null);
            received = known;
        }
        return known == null ? lastReceived + 1 : (double) known.metricValue();
    }
}
