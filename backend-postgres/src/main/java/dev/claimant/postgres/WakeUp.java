package dev.claimant.postgres;

import dev.claimant.spi.Events;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Has one source woken, from when it first finds nothing to claim: a Job that finds work at once never pays for it. */
final class WakeUp implements AutoCloseable {

    private final DataSource dataSource;
    private final PostgresConfig config;
    private final Link claims;
    private @Nullable Sleeper sleeper;
    private volatile @Nullable Listener listener;
    private boolean closed;

    WakeUp(DataSource dataSource, PostgresConfig config, Link claims) {
        this.dataSource = config.listenOn == null ? dataSource : config.listenOn;
        this.config = config;
        this.claims = claims;
    }

    /** Does nothing when it has begun, or where nobody rings. */
    synchronized void begin(Runnable wake, Events events) {
        if (sleeper != null || closed || !config.wakeUp || config.isTable) {
            return;
        }
        String address = claims.address();
        if (address != null) {
            Sleeper added = new Sleeping(dataSource, config.queue, wake, events);
            sleeper = added;
            listener = Listener.add(added, address);
        }
    }

    /** Whether a message that is enqueued now would wake the source. */
    boolean isListening() {
        Listener hearing = listener;
        return hearing != null && hearing.isListening();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Sleeper added = sleeper;
        if (added != null) {
            Listener.remove(added);
        }
    }

    private record Sleeping(DataSource dataSource, String queue, Runnable wakeUp, Events events) implements Sleeper {

        @Override
        public void wake() {
            wakeUp.run();
        }

        @Override
        public void serverIsBack() {
            events.wake();
        }

        /** One of these is not another, whatever they hold. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
