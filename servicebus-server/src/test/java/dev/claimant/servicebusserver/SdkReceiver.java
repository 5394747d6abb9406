package dev.claimant.servicebusserver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Receives messages of one entity or session, and settles them. */
interface SdkReceiver extends AutoCloseable {

    /** Receives this many; fails if they do not come in time. */
    List<Incoming> receive(int count);

    default Incoming next() {
        return receive(1).get(0);
    }

    void complete(Incoming message);

    void abandon(Incoming message, Map<String, Object> properties);

    default void abandon(Incoming message) {
        abandon(message, Map.of());
    }

    void defer(Incoming message);

    void deadLetter(Incoming message, String reason, String description, Map<String, Object> properties);

    void renew(Incoming message);

    /** Receives a deferred message. */
    Incoming deferred(long sequence);

    /** The session's id. */
    String session();

    void renewSession();

    void setState(byte[] state);

    byte @Nullable [] state();

    @Override
    void close();
}
