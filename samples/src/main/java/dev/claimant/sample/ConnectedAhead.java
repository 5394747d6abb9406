package dev.claimant.sample;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes a new connection each time; the first, if asked to, while the rest of the program is put together: of the time from a pod's start
 * to its first claim, half goes into loading the driver and logging in.
 */
final class ConnectedAhead extends PGSimpleDataSource {

    private final transient AtomicReference<@Nullable FutureTask<Connection>> first = new AtomicReference<>();

    /** Call when all is set. A failure is told to whoever takes the first connection. */
    void connectAhead() {
        FutureTask<Connection> connecting = new FutureTask<>(super::getConnection);
        first.set(connecting);
        Thread thread = new Thread(connecting, "claimant-sample-connect");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Connection getConnection() throws SQLException {
        FutureTask<Connection> connecting = first.getAndSet(null);
        if (connecting == null) {
            return super.getConnection();
        }
        try {
            return connecting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException refused ? refused : new SQLException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connecting", e);
        }
    }
}
