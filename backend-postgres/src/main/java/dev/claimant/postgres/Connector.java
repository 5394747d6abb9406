package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes a connection from the data source by a deadline, which no driver or pool promises. What comes too late for one caller is for the
 * next. Used by one thread at a time.
 */
final class Connector {

    /** A driver may wait for ever for a server that accepted the connection and fell silent. */
    private static final Duration HANGS = Duration.ofSeconds(30);

    private final DataSource dataSource;
    private @Nullable Attempt pending;
    private volatile boolean closed;

    record Attempt(CompletableFuture<Connection> result, long begunNanos) {

        boolean isHopeless() {
            return result.isCompletedExceptionally() || System.nanoTime() - begunNanos > HANGS.toNanos();
        }
    }

    Connector(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    Connection connect(long deadline) throws SQLException, InterruptedException {
        Attempt earlier = pending;
        if (earlier != null && earlier.isHopeless()) {
            earlier.result().cancel(false);
            earlier = null;
        }
        Attempt attempt = earlier == null ? begin() : earlier;
        try {
            Connection connection = attempt.result().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
    Attempt begin() {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> connect(result), "claimant-postgres-connect");
        thread.setDaemon(true);
        thread.start();
        Attempt begun = new Attempt(result, System.nanoTime());
        pending = begun;
        return begun;
    }

    private void connect(CompletableFuture<Connection> result) {
        try {
            Connection opened = dataSource.getConnection();
            opened.setAutoCommit(true);
            if (closed || !result.complete(opened)) {
                opened.close();
            }
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** What is still to come is closed. */
    void close() {
        closed = true;
    }
}
