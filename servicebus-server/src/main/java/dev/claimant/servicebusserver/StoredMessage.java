package dev.claimant.servicebusserver;

import java.util.UUID;
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

    void unlock() {
        token = null;
        holder = null;
        lockedUntil = 0;
        firstLockedAt = 0;
    }
}
