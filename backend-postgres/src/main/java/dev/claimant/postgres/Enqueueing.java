package dev.claimant.postgres;

import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements that put messages into one queue, on whatever connection. */
final class Enqueueing {

    /** The position is left to its default: see {@link Marks}. */
    private static final String INSERT = """
            INSERT INTO claimant.message (queue, body, headers, idempotency_key, ordering_key, once, state, due_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')""";

    private static final String ONCE = INSERT + " ON CONFLICT (queue, idempotency_key) WHERE once DO NOTHING";
    private static final String[] ID = {"id"};

    private final String queue;
    private final String ring;

    /** What became of one message: its id, absent where it was in already, and whether idle workers hear of it. */
    record Put(@Nullable String id, boolean rung) {}

    Enqueueing(String queue) {
        this.queue = queue;
        this.ring = Bell.ringWithin(queue);
    }

    /**
     * Puts in one message.
     *
     * @param ring whether to ring with its commit, if the bell is free
     */
    Put one(Connection connection, NewMessage message, boolean ring) throws SQLException {
        return put(connection, INSERT, message, false, ring);
    }

    List<String> all(Connection connection, List<NewMessage> messages) throws SQLException {
        if (messages.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT, ID)) {
            for (NewMessage message : messages) {
                bind(insert, message, false);
                insert.addBatch();
            }
            insert.executeBatch();
            return ids(insert);
        }
    }

    /** The same unless its key is in. */
    Put once(Connection connection, NewMessage message, boolean ring) throws SQLException {
        if (message.idempotencyKey == null) {
            throw new IllegalArgumentException("idempotencyKey: missing; enqueueOnce goes by it");
        }
        return put(connection, ONCE, message, true, ring);
    }

    private Put put(Connection connection, String insert, NewMessage message, boolean once, boolean ring)
            throws SQLException {
        String sql =
                "WITH put AS (" + insert + " RETURNING id) SELECT id, " + (ring ? this.ring : "false") + " FROM put";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, message, once);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Put(Long.toString(row.getLong(1)), row.getBoolean(2)) : new Put(null, false);
            }
        }
    }

    private void bind(PreparedStatement insert, NewMessage message, boolean once) throws SQLException {
        insert.setString(1, queue);
        insert.setBytes(2, message.body);
        insert.setArray(3, message.headers.isEmpty() ? null : headers(insert.getConnection(), message.headers));
        insert.setString(4, message.idempotencyKey);
        insert.setString(5, message.orderingKey);
        insert.setBoolean(6, once);
        insert.setString(7, message.isDue() ? "ready" : "waiting");
        if (message.isDue()) {
            insert.setNull(8, Types.BIGINT);
        } else {
            insert.setLong(8, Math.max(1, message.delay.toMillis()));
        }
    }

    /** Names and values in turn. */
    private static Array headers(Connection connection, Map<String, String> headers) throws SQLException {
        List<String> texts = new ArrayList<>();
        headers.forEach((header, value) -> {
            texts.add(header);
            texts.add(value);
        });
        return connection.createArrayOf("text", texts.toArray());
    }

    private static List<String> ids(PreparedStatement inserted) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet rows = inserted.getGeneratedKeys()) {
            while (rows.next()) {
                ids.add(Long.toString(rows.getLong(1)));
            }
        }
        return ids;
    }
}
