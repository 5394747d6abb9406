package dev.claimant.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection for life: opened when first needed, used by one thread at a time, thrown away after any failure and opened anew by the
 * next use. Nothing here blocks beyond its deadline, connecting included.
 */
final class SharedConnection implements AutoCloseable {

    /** Sets parameters; the first that is free is 2, since 1 is the script's time-out. Called right before the statement is sent. */
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Reads the result of the script's last statement. */
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private final Connections connections;
    private final String purpose;
    private final PriorityMutex mutex = new PriorityMutex();
    private volatile @Nullable PoolerAwareConnection session;
    private volatile boolean closed;

    SharedConnection(DataSource dataSource, String purpose) {
        this.connections = new Connections(dataSource);
        this.purpose = purpose;
    }

    boolean isConnected() {
        return session != null;
    }

    /** Begins to connect, for a use that is about to come. */
    void connectAhead() throws InterruptedException {
        if (mutex.enter(false, System.nanoTime())) {
            try {
                if (session == null && !closed) {
                    connections.begin();
                }
            } finally {
                mutex.leave();
            }
        }
    }

    /** Connects, unless that is done. */
    void connect(long deadline) throws SQLException, InterruptedException {
        enter(false, deadline);
        try {
            open(deadline);
        } finally {
            mutex.leave();
        }
    }

    private void enter(boolean urgent, long deadline) throws SQLException, InterruptedException {
        if (!mutex.enter(urgent, deadline)) {
            throw new SQLTimeoutException("no turn on the connection for " + purpose + " in time");
        }
    }

    /** Runs a script that has no parameters of its own. */
    <T> T run(Script script, Reader<T> reader, long deadline) throws SQLException, InterruptedException {
        return run(script, statement -> {}, reader, deadline, false);
    }

    /** Runs the script; urgent uses go before others that wait. */
    <T> T run(Script script, Binder binder, Reader<T> reader, long deadline, boolean urgent)
            throws SQLException, InterruptedException {
        enter(urgent, deadline);
        try {
            return execute(open(deadline), script, binder, reader, deadline);
        } catch (SQLException | RuntimeException e) {
            discard();
            throw e;
        } finally {
            mutex.leave();
        }
    }

    private static <T> T execute(
            PoolerAwareConnection session, Script script, Binder binder, Reader<T> reader, long deadline)
            throws SQLException {
        long millis = millisLeft(deadline);
        // The server gives up first: nothing goes on there for which nobody waits here.
        long serverMillis = Math.max(1, millis - millis / 5);
        session.limitWaits((int) Math.min(millis, Integer.MAX_VALUE));
        try (PreparedStatement statement = session.connection().prepareStatement(script.text())) {
            statement.setString(1, Long.toString(Math.min(serverMillis, Integer.MAX_VALUE)));
            binder.bind(statement);
            statement.execute();
            statement.getMoreResults();
            session.answeredBy(statement.getResultSet());
            for (int i = 1; i < script.before(); i++) {
                statement.getMoreResults();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return reader.read(rows);
            }
        }
    }

    /** Tells servers and databases apart; absent while there is no connection. May hold secrets. */
    @Nullable String address() {
        PoolerAwareConnection open = session;
        return open == null ? null : open.address();
    }

    private PoolerAwareConnection open(long deadline) throws SQLException, InterruptedException {
        if (closed) {
            throw new SQLException("the source is closed", "08003");
        }
        PoolerAwareConnection kept = session;
        if (kept != null) {
            return kept;
        }
        PoolerAwareConnection opened = new PoolerAwareConnection(BorrowedConnection.of(connections.connect(deadline)));
        session = opened;
        return opened;
    }

    private void discard() {
        PoolerAwareConnection broken = session;
        session = null;
        if (broken != null) {
            broken.discard();
        }
    }

    private static long millisLeft(long deadline) throws SQLTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SQLTimeoutException("the time was up before the statement was sent");
        }
        return millis;
    }

    /** Waits a moment for a statement that runs, then closes the connection under it. */
    @Override
    public void close() {
        closed = true;
        connections.close();
        if (!mutex.enterForClosing()) {
            discard();
            return;
        }
        try {
            connections.giveUp();
            giveBack();
        } finally {
            mutex.leave();
        }
    }

    private void giveBack() {
        PoolerAwareConnection idle = session;
        session = null;
        if (idle != null) {
            idle.giveBack();
        }
    }
}
