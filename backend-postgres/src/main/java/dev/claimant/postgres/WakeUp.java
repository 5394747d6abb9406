package dev.claimant.postgres;

import dev.claimant.spi.Events;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Has one source woken, from when it first finds nothing to claim: a Job that finds work at once never pays for it. */
final class WakeUp implements AutoCloseable {

    private final DataSource dataSource;
    private final String queue;
    private final SharedConnection claims;
    private final Events events;
    private volatile @Nullable Runnable wake;
    private volatile @Nullable Listener listener;
    private boolean closed;

    /**
     * A source that is to be woken.
     *
     * @param dataSource may lend the one connection for all sources of this process
     * @param queue whose notifications are for this source
     * @param claims says which server and database it is
     */
    WakeUp(DataSource dataSource, String queue, SharedConnection claims, Events events) {
        this.dataSource = dataSource;
        this.queue = queue;
        this.claims = claims;
        this.events = events;
    }

    DataSource dataSource() {
        return dataSource;
    }

    String queue() {
        return queue;
    }

    /** From now on the source is woken; does nothing when it has begun. */
    synchronized void begin(Runnable wakeSource) {
        String address = claims.address();
        if (wake == null && !closed && address != null) {
            wake = wakeSource;
            listener = Listener.add(this, address);
        }
    }

    /** Whether a message that is enqueued now would wake the source. */
    boolean isListening() {
        Listener hearing = listener;
        return hearing != null && hearing.isListening();
    }

    /** There may be something to claim. Returns at once. */
    void wake() {
        Runnable begun = wake;
        if (begun != null) {
            begun.run();
        }
    }

    /** The server answers again after it did not. Returns at once. */
    void serverIsBack() {
        events.wake();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (wake != null) {
            Listener.remove(this);
        }
    }
}
