package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long locks are, from receipt. The service says only when a lock ends, by its own clock: that is no use here, since the two clocks may differ.
 */
final class LockLength {

    private static final Logger LOG = LoggerFactory.getLogger(LockLength.class);

    private final ServiceBusConfig.Entity entity;
    private final Duration length;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    LockLength(ServiceBusConfig.Entity entity, Duration length) {
        this.entity = entity;
        this.length = length;
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
        return now + length.minus(margin()).toNanos();
    }

    /** A twentieth, up to a second. */
    private Duration margin() {
        Duration part = length.dividedBy(20);
        return part.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : part;
    }

    private void warn(ServiceBusReceivedMessage message) {
        if (message.getLockedUntil() == null || hasWarned.get()) {
            return;
        }
        Duration told = Duration.between(Instant.now(), message.getLockedUntil().toInstant());
        if (told.minus(length).abs().compareTo(length.dividedBy(4)) > 0 && hasWarned.compareAndSet(false, true)) {
            LOG.warn(
                    "'{}' locks messages for {} by its own clock and ours together, and for {} by the settings: one of the two clocks"
                            + " is wrong, or lockLength is; locks are kept by the settings",
                    entity,
                    told,
                    length);
        }
    }
}
