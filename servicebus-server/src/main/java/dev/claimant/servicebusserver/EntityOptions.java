package dev.claimant.servicebusserver;

import java.time.Duration;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a queue or subscription, with the names that Service Bus has for them.
 *
 * @param timeToLive absent: messages stay for ever unless they say otherwise
 * @param duplicateWindow for how long message ids are remembered; absent: no duplicate detection
 */
public record EntityOptions(
        Duration lockDuration,
        int maxDeliveryCount,
        boolean requiresSession,
        @Nullable Duration timeToLive,
        boolean deadLetterOnExpiration,
        @Nullable Duration duplicateWindow,
        int maxMessageBytes) {

    /** What Azure gives a new queue of the standard tier. */
    public static EntityOptions defaults() {
        return new EntityOptions(Duration.ofMinutes(1), 10, false, null, false, null, 256 * 1024);
    }

    /** @throws AmqpError if an entity with these settings refuses the message */
    void check(String entity, Message message, int bytes) throws AmqpError {
        if (bytes > maxMessageBytes) {
            throw new AmqpError(
                    AmqpError.TOO_LARGE,
                    "The received message (size: " + bytes + ") exceeds the limit (" + maxMessageBytes + " bytes) of '"
                            + entity + "'.");
        }
        if (requiresSession && message.getGroupId() == null) {
            throw new AmqpError(AmqpError.NOT_ALLOWED, "The SessionId was not set on a message for '" + entity + "'.");
        }
    }

    public EntityOptions lockDuration(Duration duration) {
        return new EntityOptions(
                duration,
                maxDeliveryCount,
                requiresSession,
                timeToLive,
                deadLetterOnExpiration,
                duplicateWindow,
                maxMessageBytes);
    }

    public EntityOptions maxDeliveryCount(int count) {
        return new EntityOptions(
                lockDuration,
                count,
                requiresSession,
                timeToLive,
                deadLetterOnExpiration,
                duplicateWindow,
                maxMessageBytes);
    }

    public EntityOptions requireSession() {
        return new EntityOptions(
                lockDuration,
                maxDeliveryCount,
                true,
                timeToLive,
                deadLetterOnExpiration,
                duplicateWindow,
                maxMessageBytes);
    }

    /** Messages expire after this long, and are dead-lettered then or deleted. */
    public EntityOptions timeToLive(Duration time, boolean deadLetter) {
        return new EntityOptions(
                lockDuration, maxDeliveryCount, requiresSession, time, deadLetter, duplicateWindow, maxMessageBytes);
    }

    public EntityOptions duplicateWindow(Duration window) {
        return new EntityOptions(
                lockDuration,
                maxDeliveryCount,
                requiresSession,
                timeToLive,
                deadLetterOnExpiration,
                window,
                maxMessageBytes);
    }

    public EntityOptions maxMessageBytes(int bytes) {
        return new EntityOptions(
                lockDuration,
                maxDeliveryCount,
                requiresSession,
                timeToLive,
                deadLetterOnExpiration,
                duplicateWindow,
                bytes);
    }
}
