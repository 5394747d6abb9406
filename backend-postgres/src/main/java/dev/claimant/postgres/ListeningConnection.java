package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One connection that listens.
 *
 * <p>{@code LISTEN} belongs to a server's session. A pooler that lends sessions for one transaction (PgBouncer's transaction mode, and what
 * is like it) would give ours to the next client, with our {@code LISTEN} in it. So that is not said before it is certain that the
 * session is {@linkplain PoolerAwareConnection our own}.
 */
final class ListeningConnection implements AutoCloseable {

    /** After so long a silence the connection is tried: a network may fall silent without a word. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** A driver's connection cannot be called upon by one thread while another waits on it: so nobody waits for long. */
    private static final Duration SLICE = Duration.ofMillis(200);

    private static final Duration ANSWERS = Duration.ofSeconds(3);

    /** Said again, it changes nothing. */
    private static final String LISTEN = "LISTEN " + EnqueueNotifier.CHANNEL;

    /** Nothing will ever be heard this way. */
    static final class CannotListen extends Exception {
        private static final long serialVersionUID = 1;

        CannotListen(String message) {
            super(message);
        }
    }

    private final WakeUp lender;
    private final BorrowedConnection connection;
    private final PGConnection postgres;
    private final @Nullable DriverStream stream;
    private volatile boolean ending;

    private ListeningConnection(WakeUp lender, BorrowedConnection connection, PGConnection postgres) {
        this.lender = lender;
        this.connection = connection;
        this.postgres = postgres;
        this.stream = DriverStream.of(postgres);
    }

    static ListeningConnection open(WakeUp lender) throws SQLException, InterruptedException, CannotListen {
        Connections connections = new Connections(lender.dataSource());
        try {
            BorrowedConnection connection = BorrowedConnection.of(connections.connect(
                    System.nanoTime() + Duration.ofSeconds(10).toNanos()));
            try {
                return listening(lender, connection);
            } catch (SQLException | CannotListen e) {
                connection.giveBack();
                throw e;
            }
        } finally {
            connections.close();
            connections.giveUp();
        }
    }

    private static ListeningConnection listening(WakeUp lender, BorrowedConnection borrowed)
            throws SQLException, CannotListen {
        Connection connection = borrowed.connection();
        if (!connection.isWrapperFor(PGConnection.class)) {
            throw new CannotListen("wakeUp: the data source's connections are not those of PostgreSQL's own driver");
        }
        PGConnection postgres = connection.unwrap(PGConnection.class);
        borrowed.limitWaits((int) ANSWERS.toMillis());
        try (Statement statement = connection.createStatement()) {
            if (!PoolerAwareConnection.isOwn(postgres, serverProcess(statement))) {
                throw new CannotListen(
                        "wakeUp: a pooler stands between this process and the server, where LISTEN is not"
                                + " safe; give listenOn a data source that goes to the server itself, or set wakeUp to false");
            }
            statement.execute(LISTEN);
        }
        return new ListeningConnection(lender, borrowed, postgres);
    }

    private static int serverProcess(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    WakeUp lender() {
        return lender;
    }

    /** Waits for notifications, not for ever; returns the queues that they name. A message waits meanwhile: this makes no stream and no lambda. */
    Set<String> awaitNotified() throws SQLException {
        for (long waited = 0; waited < SILENCE.toMillis() && !ending; waited += SLICE.toMillis()) {
            Set<String> queues = stream == null ? heard((int) SLICE.toMillis()) : awaitNotified(stream);
            if (!queues.isEmpty()) {
                return queues;
            }
        }
        if (ending) {
            return Set.of();
        }
        execute(LISTEN);
        return heard(1); // what came with the answer is no longer in the stream
    }

    private Set<String> awaitNotified(DriverStream stream) throws SQLException {
        int type = stream.awaitMessage(SLICE);
        if (type == DriverStream.NOTIFICATION) {
            return Set.of(stream.readNotification());
        }
        return type == DriverStream.NONE ? Set.of() : heard(1); // the driver knows what else a server says unasked
    }

    private Set<String> heard(int withinMillis) throws SQLException {
        PGNotification[] heard = postgres.getNotifications(withinMillis);
        if (heard == null || heard.length == 0) {
            return Set.of();
        }
        Set<String> queues = new HashSet<>();
        for (PGNotification each : heard) {
            queues.add(each.getParameter());
        }
        return queues;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    /** By any thread: the one that listens gives the connection back soon. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** By the thread that listens. What failed is thrown away; else a pool gets the connection as it was. */
    @Override
    public void close() {
        if (ending && unlisten()) {
            connection.giveBack();
        } else {
            connection.discard();
        }
    }

    /** A pool that was closed just before the source has closed the connection too, and would log an attempt to use it. */
    private boolean unlisten() {
        try {
            if (postgres instanceof Connection physical && physical.isClosed()) {
                return false;
            }
            execute("UNLISTEN " + EnqueueNotifier.CHANNEL);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
