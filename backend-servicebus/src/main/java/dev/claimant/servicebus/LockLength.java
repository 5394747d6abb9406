package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long locks are, from receipt. The service says only when a lock ends, by its own clock: that is no use here, since the two clocks may differ.
 */
final class LockLength {

    private static final Logger LOG = LoggerFactory.getLogger(LockLength.class);

    private static final long MOST_MARGIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final ServiceBusConfig.Entity entity;
    private final Duration length;

    /** Less a twentieth, up to a second: for the time that a message takes to arrive. */
    private final long usableNanos;

    private final AtomicBoolean hasWarned = new AtomicBoolean();

    LockLength(ServiceBusConfig.Entity entity, Duration length) {
        this.entity = entity;
        this.length = length;
        usableNanos = length.toNanos() - Math.min(length.toNanos() / 20, MOST_MARGIN_NANOS);
    }

    Duration length() {
        return length;
    }

    /** When the lock of a message ends that has arrived at this moment: a little early, for the time that it took to arrive. */
    long endOf(ServiceBusReceivedMessage message, long now) {
        warn(message);
        return endOf(now);
    }

    /** The same for the lock of a session that was granted at this moment. */
    long endOf(long now) {
        return now + usableNanos;
    }

    /** In plain numbers: it is asked for each message, and with durations it was a seventh of all that a worker allocates. */
    private void warn(ServiceBusReceivedMessage message) {
        OffsetDateTime end = message.getLockedUntil();
        if (end == null || hasWarned.get()) {
            return;
        }
        long told = end.toEpochSecond() * 1_000 + end.getNano() / 1_000_000 - System.currentTimeMillis();
        long wanted = length.toMillis();
        if (Math.abs(told - wanted) > wanted / 4 && hasWarned.compareAndSet(false, true)) {
            LOG.warn(
                    "'{}' locks messages for {} by its own clock and ours together, and for {} by the settings: one of the two clocks"
                            + " is wrong, or lockLength is; locks are kept by the settings",
                    entity,
                    Duration.ofMillis(told),
                    length);
        }
    }
}
