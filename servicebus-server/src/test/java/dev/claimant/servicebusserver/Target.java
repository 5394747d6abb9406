package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A server that the conformance script is run against, with the entities of {@link #entities}, which are empty. */
interface Target extends AutoCloseable {

    /** What a line needs that the server does not have. */
    final class NotHere extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotHere(String reason) {
            super(reason);
        }
    }

    String name();

    /** With all rights. */
    String connectionString();

    /** How long a lock holds; the script's unit of time. */
    Duration lock();

    /** Lets time pass for the server. */
    void pass(Duration time);

    /** The hooks of our own server. */
    ServiceBusServer own();

    /** The queues and subscriptions, by their paths. */
    static Map<String, EntityOptions> entities(Duration lock) {
        EntityOptions plain = EntityOptions.defaults().lockDuration(lock);
        Map<String, EntityOptions> entities = new LinkedHashMap<>();
        entities.put("orders", plain.maxDeliveryCount(4));
        entities.put("ordered", plain.requireSession());
        entities.put("once", plain.duplicateWindow(lock.multipliedBy(4)));
        entities.put("keeps", plain.timeToLive(lock.multipliedBy(2), true));
        entities.put("news/subscriptions/a", plain);
        entities.put("news/subscriptions/b", plain);
        return entities;
    }

    @Override
    void close();
}
