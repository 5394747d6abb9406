package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** A message in the store. Only the reactor's thread uses it. */
final class StoredMessage {

    enum State {
        ACTIVE(0),
        DEFERRED(1),
        SCHEDULED(2);

        final int code;

        State(int code) {
            this.code = code;
        }
    }

    final Message message;
    final String sessionId;
    final long enqueuedSequence;
    long sequence;
    long enqueuedAt;
    /** When a scheduled message becomes active. */
    long dueAt;
    /** Zero: it does not expire. */
    long expiresAt;

    /** Whether the message itself is on disk as it is; what follows below may have changed since. */
    boolean isWritten;

    int deliveryCount;
    State state = State.ACTIVE;

    @Nullable String deadLetterSource;

    /** The lock, while there is one. */
    @Nullable UUID token;

    long lockedUntil;
    long firstLockedAt;

    @Nullable Consumer holder;

    /** @param sessionId empty without a session */
    StoredMessage(Message message, String sessionId, long sequence, long enqueuedAt) {
        this.message = message;
        this.sessionId = sessionId;
        this.sequence = sequence;
        enqueuedSequence = sequence;
        this.enqueuedAt = enqueuedAt;
    }

    void givenUp(@Nullable String reason, @Nullable String description) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (reason != null) {
            properties.put("DeadLetterReason", reason);
        }
        if (description != null) {
            properties.put("DeadLetterErrorDescription", description);
        }
        change(properties);
    }

    /** Sets application properties. */
    void change(Map<String, Object> changes) {
        if (changes.isEmpty()) {
            return;
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        ApplicationProperties given = message.getApplicationProperties();
        if (given != null && given.getValue() != null) {
            properties.putAll(given.getValue());
        }
        properties.putAll(changes);
        message.setApplicationProperties(new ApplicationProperties(properties));
        isWritten = false;
    }

    void unlock() {
        token = null;
        holder = null;
        lockedUntil = 0;
        firstLockedAt = 0;
    }
}
