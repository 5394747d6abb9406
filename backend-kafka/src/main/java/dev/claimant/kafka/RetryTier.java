package dev.claimant.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic in which failed messages wait.
 *
 * @param delay how long each of them waits, counted from its copy, so that they become due in the order in which they lie there
 */
record RetryTier(Duration delay, String topic) {

    /** When this copy has waited for the delay, on the monotonic clock. */
    long dueNanos(ConsumerRecord<?, ?> copy) {
        long left = copy.timestamp() + delay.toMillis() - System.currentTimeMillis();
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left);
    }
}
