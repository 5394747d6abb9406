package dev.claimant.benchmarks.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.claimant.benchmarks.harness.Enqueuer;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;

/**
 * {@code PostgresQueue.enqueue} beside statements written by hand for the same table, on one pool. Somebody listens on the channel, as
 * an idle worker does.
 */
final class Enqueuers implements AutoCloseable {

    private static final String QUEUE = "enqueue";
    private static final byte[] BODY = new byte[200];
    private static final String ROWS = "INSERT INTO claimant.message (queue, body) SELECT '" + QUEUE
            + "', b FROM unnest(?::bytea[]) b RETURNING id";
    private static final String RING = "SELECT pg_notify('claimant', '" + QUEUE + "')";

    private final Database database;
    private final HikariDataSource pool;
    private final Connection listening;

    /** Calls of one name. */
    private interface Call {
        void enqueue(int messages) throws SQLException;
    }

    Enqueuers(Database database, HikariDataSource pool) {
        this.database = database;
        this.pool = pool;
        try {
            listening = database.dataSource.getConnection();
            try (Statement statement = listening.createStatement()) {
                statement.execute("LISTEN claimant");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Enqueuer> all() {
        PostgresQueue queue = new PostgresQueue(pool, QUEUE);
        NewMessage message = NewMessage.of(BODY);
        return List.of(
                enqueuer("insert", messages -> execute(ROWS, messages)),
                enqueuer(
                        "insert+notify",
                        messages -> execute("WITH put AS (" + ROWS + ") " + RING + " FROM put", messages)),
                enqueuer("claimant", messages -> {
                    if (messages == 1) {
                        queue.enqueue(message);
                    } else {
                        queue.enqueue(Collections.nCopies(messages, message));
                    }
                }));
    }

    private void execute(String rows, int messages) throws SQLException {
        String sql = messages == 1
                ? rows.replace("SELECT '" + QUEUE + "', b FROM unnest(?::bytea[]) b", "VALUES ('" + QUEUE + "', ?)")
                : rows;
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            if (messages == 1) {
                statement.setBytes(1, BODY);
            } else {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "bytea", Collections.nCopies(messages, BODY).toArray(new byte[0][])));
            }
            statement.executeQuery().close();
        }
    }

    private Enqueuer enqueuer(String name, Call call) {
        return new Enqueuer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void reset() {
                database.execute("TRUNCATE claimant.message, claimant.mark");
                database.execute("CHECKPOINT");
            }

            @Override
            public void enqueue(int messages) throws SQLException {
                call.enqueue(messages);
            }
        };
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        pool.close();
    }
}
