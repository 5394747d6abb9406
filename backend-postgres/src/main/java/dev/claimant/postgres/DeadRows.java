package dev.claimant.postgres;

import dev.claimant.postgres.DeadLetters.DeadLetter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements on the dead letters of one queue. */
final class DeadRows {

    private static final String SELECT = """
            SELECT id, key, idempotency_key, ordering_key, reason, error, attempts, deliveries, expired_locks,
                enqueued_at, dead_at, dead_by, history::text, headers, body
            FROM claimant.dead WHERE queue = ? AND\s""";

    /**
     * A message of a queue goes back with its id, of which its idempotency key may be made, and keeps out what enqueueOnce would put in
     * beside it, unless another does so already. A row of the application's table still has its message, or gets one again. All begin with
     * their first attempt. A message whose id a server has drawn again, for it forgot the last ones, stays where it is.
     */
    private static final String REDRIVE = """
            WITH gone AS (
                DELETE FROM claimant.dead d WHERE queue = ? AND id = ANY (?)
                    AND (d.key IS NOT NULL OR NOT EXISTS (SELECT 1 FROM claimant.message m WHERE m.id = d.id)) RETURNING *),
            back AS (
                INSERT INTO claimant.message (id, queue, enqueued_at, delivery, idempotency_key, ordering_key, headers, body,
                    history, once)
                SELECT g.id, g.queue, g.enqueued_at, g.deliveries, g.idempotency_key, g.ordering_key, g.headers, g.body, g.history,
                    g.once AND g.n = 1 AND NOT EXISTS (
                        SELECT 1 FROM claimant.message m
                        WHERE m.queue = g.queue AND m.idempotency_key = g.idempotency_key AND m.once)
                FROM (SELECT *, row_number() OVER (PARTITION BY once, idempotency_key ORDER BY id) AS n FROM gone) g
                WHERE g.key IS NULL),
            again AS (
                UPDATE claimant.message m SET state = 'waiting', due_at = now(), attempt = 0, expired_locks = 0, holder = NULL
                FROM gone g WHERE g.key IS NOT NULL AND m.id = g.id AND m.state = 'dead' RETURNING m.id),
            anew AS (
                INSERT INTO claimant.message AS m (id, queue, key, by_value, state, due_at, delivery)
                SELECT CASE WHEN EXISTS (SELECT 1 FROM claimant.message o WHERE o.id = g.id)
                        THEN nextval('claimant.position') ELSE g.id END,
                    g.queue, g.key, true, 'waiting', now(), g.deliveries FROM gone g
                WHERE g.key IS NOT NULL AND g.id NOT IN (SELECT id FROM again)
                ON CONFLICT (queue, key) WHERE key IS NOT NULL
                DO UPDATE SET state = 'waiting', due_at = now(), attempt = 0, expired_locks = 0, holder = NULL
                WHERE m.state = 'dead')
            SELECT count(*) FROM gone""";

    private static final String PURGE = "DELETE FROM claimant.dead WHERE queue = ? AND id = ANY (?)";

    private static final String OLD = """
            SELECT id FROM claimant.dead
            WHERE queue = ? AND id > ? AND dead_at <= now() - ? * interval '1 millisecond' ORDER BY id LIMIT ?""";

    private final String queue;
    private final boolean isTable;

    /** Of a queue. */
    DeadRows(String queue) {
        this(queue, false);
    }

    /** Of a table whose name, as SQL spells it, is given; the server says under which name its messages are kept. */
    static DeadRows ofTable(String qualifiedName) {
        return new DeadRows(qualifiedName, true);
    }

    private DeadRows(String queue, boolean isTable) {
        this.queue = queue;
        this.isTable = isTable;
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(
                isTable ? sql.replace("queue = ?", "queue = claimant.table_name(?::regclass)") : sql);
    }

    static int unblock(Connection connection, String qualifiedName, List<String> keys) throws SQLException {
        try (PreparedStatement unblock = connection.prepareStatement("SELECT claimant.unblock(?::regclass, ?)")) {
            unblock.setString(1, qualifiedName);
            unblock.setArray(2, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = unblock.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    List<DeadLetter> after(Connection connection, long id, int most) throws SQLException {
        return select(connection, "id > ? ORDER BY id LIMIT ?", id, most);
    }

    Optional<DeadLetter> one(Connection connection, long id) throws SQLException {
        return select(connection, "id = ?", id).stream().findFirst();
    }

    /** The ids of those after the one with this id that were given up so long ago. */
    List<Long> olderThan(Connection connection, long after, Duration age, int most) throws SQLException {
        try (PreparedStatement select = prepared(connection, OLD)) {
            select.setString(1, queue);
            select.setLong(2, after);
            select.setLong(3, age.toMillis());
            select.setInt(4, most);
            List<Long> ids = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        }
    }

    int redrive(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement redrive = prepared(connection, REDRIVE)) {
            bind(redrive, ids);
            try (ResultSet row = redrive.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    int purge(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement purge = prepared(connection, PURGE)) {
            bind(purge, ids);
            return purge.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, List<Long> ids) throws SQLException {
        statement.setString(1, queue);
        Column.of("bigint", ids, id -> id).bind(statement, 2);
    }

    private List<DeadLetter> select(Connection connection, String condition, Object... parameters) throws SQLException {
        try (PreparedStatement select = prepared(connection, SELECT + condition)) {
            select.setString(1, queue);
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(2 + i, parameters[i]);
            }
            List<DeadLetter> letters = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    letters.add(letter(rows));
                }
            }
            return letters;
        }
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(
                Long.toString(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getInt(7),
                row.getInt(8),
                row.getInt(9),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                row.getObject(11, OffsetDateTime.class).toInstant(),
                row.getString(12),
                row.getString(13) == null ? "[]" : row.getString(13),
                ClaimCall.headers(row.getArray(14)),
                ClaimCall.body(row.getBytes(15)));
    }
}
