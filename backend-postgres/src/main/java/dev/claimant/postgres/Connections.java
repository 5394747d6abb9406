package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes a connection from the data source by a deadline, which no driver or pool promises. What comes too late for one caller is for the
 * next. Used by one thread at a time.
 */
final class Connections {

    /** A driver may wait for ever for a server that accepted the connection and fell silent. */
    private static final Duration HANGS = Duration.ofSeconds(30);

    private final DataSource dataSource;
    private @Nullable Attempt pending;
    private volatile boolean closed;

    /** One connection under way, on a thread of its own. */
    private final class Attempt extends FutureTask<Connection> {

        private final long begunNanos = System.nanoTime();
        private volatile boolean failed;
        private volatile @Nullable Connection brought;

        Attempt() {
            super(Connections.this::open);
        }

        boolean isHopeless() {
            return failed || System.nanoTime() - begunNanos > HANGS.toNanos();
        }

        @Override
        protected void set(Connection opened) {
            brought = opened;
            super.set(opened);
            if (isCancelled()) {
                closeUnused(opened);
            }
        }

        @Override
        protected void setException(Throwable failure) {
            failed = true;
            super.setException(failure);
        }

        /** Nobody waits for it: a connection that it brought, or brings yet, is closed. */
        void giveUp() {
            Connection unused = cancel(false) ? null : brought;
            if (unused != null) {
                closeUnused(unused);
            }
        }
    }

    Connections(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    Connection connect(long deadline) throws SQLException, InterruptedException {
        Attempt earlier = pending;
        if (earlier != null && earlier.isHopeless()) {
            earlier.giveUp();
            earlier = null;
        }
        Attempt attempt = earlier == null ? begun() : earlier;
        pending = attempt;
        try {
            Connection connection = attempt.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            pending = null;
            return connection;
        } catch (TimeoutException e) {
            throw new SQLTimeoutException("no connection in time", e);
        } catch (ExecutionException e) {
            pending = null;
            if (earlier != null) {
                // It began during an outage that may be over.
                return connect(deadline);
            }
            throw e.getCause() instanceof SQLException refused
                    ? refused
                    : new SQLException("cannot connect", e.getCause());
        }
    }

    /** Begins to connect. What becomes of it is for the next {@link #connect}. */
    void begin() {
        pending = begun();
    }

    private Attempt begun() {
        Attempt begun = new Attempt();
        Thread thread = new Thread(begun, "claimant-postgres-connect");
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    private Connection open() throws SQLException {
        Connection opened = dataSource.getConnection();
        if (closed) {
            opened.close();
            throw new SQLException("the source is closed", "08003");
        }
        return opened;
    }

    private static void closeUnused(Connection late) {
        try {
            late.close();
        } catch (SQLException e) {
            // Nobody waits for it.
        }
    }

    /** By any thread: no more is opened. */
    void close() {
        closed = true;
    }

    /** What came too late for everybody is closed. */
    void giveUp() {
        Attempt late = pending;
        pending = null;
        if (late != null) {
            late.giveUp();
        }
    }
}
