package dev.claimant.servicebusserver;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client with a connection of its own. A queue is named by its name, a subscription by {@code topic/subscriptions/name}, dead letters by
 * {@code /$deadletterqueue} behind these. What the service refuses throws {@link Refusal}.
 */
interface SdkClient extends AutoCloseable {

    void send(String entity, Outgoing message);

    void sendBatch(String entity, List<Outgoing> messages);

    /** Returns the sequence number. */
    long schedule(String entity, Outgoing message, Instant at);

    void cancel(String entity, long sequence);

    List<Incoming> peek(String entity, long from, int most);

    /** Locks what it receives. */
    SdkReceiver receiver(String entity);

    /** Deletes what it receives. */
    SdkReceiver deleting(String entity);

    /** Accepts a session: the one with this id, or, if it is null, the next that is free. */
    SdkReceiver session(String entity, @Nullable String id);

    default void send(String entity, String... bodies) {
        for (String body : bodies) {
            send(entity, Outgoing.of(body));
        }
    }

    @Override
    void close();
}
