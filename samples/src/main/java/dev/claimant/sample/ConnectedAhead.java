package dev.claimant.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private transient @Nullable Path passwordFile;

    /** Read for each connection, so that the password may change while the program runs. */
    void setPasswordFile(@Nullable Path file) {
        passwordFile = file;
    }

    /** Call when all is set. A failure is told to whoever takes the first connection. */
    void connectAhead() {
        FutureTask<Connection> connecting = new FutureTask<>(this::connect);
        first.set(connecting);
        Thread thread = new Thread(connecting, "claimant-sample-connect");
        thread.setDaemon(true);
        thread.start();
    }

    private Connection connect() throws SQLException {
        if (passwordFile == null) {
            return super.getConnection();
        }
        try {
            return getConnection(getUser(), Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new SQLException("the password's file cannot be read: " + e, e);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        FutureTask<Connection> connecting = first.getAndSet(null);
        if (connecting == null) {
            return connect();
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
