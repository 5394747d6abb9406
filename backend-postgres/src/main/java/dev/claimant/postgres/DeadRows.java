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
     * A message of a queue goes back with its id, of which its idempotency key may be made; a row of the application's table still has
     * its message. Both begin with their first attempt.
     */
    private static final String REDRIVE = """
            WITH gone AS (DELETE FROM claimant.dead WHERE queue = ? AND id = ANY (?) RETURNING *),
            back AS (
                INSERT INTO claimant.message (id, queue, enqueued_at, delivery, idempotency_key, ordering_key, headers, body,
                    history)
                SELECT g.id, g.queue, g.enqueued_at, g.deliveries, g.idempotency_key, g.ordering_key, g.headers, g.body, g.history
                FROM gone g WHERE g.key IS NULL),
            again AS (
                UPDATE claimant.message m SET state = 'waiting', due_at = now(), attempt = 0, expired_locks = 0, holder = NULL
                FROM gone g WHERE g.key IS NOT NULL AND m.id = g.id AND m.state = 'dead')
            SELECT count(*) FROM gone""";

    private static final String PURGE = "DELETE FROM claimant.dead WHERE queue = ? AND id = ANY (?)";

    private static final String OLD = """
            SELECT id FROM claimant.dead
            WHERE queue = ? AND dead_at <= now() - ? * interval '1 millisecond' ORDER BY id LIMIT ?""";

    private final String queue;

    DeadRows(String queue) {
        this.queue = queue;
    }

    List<DeadLetter> after(Connection connection, long id, int most) throws SQLException {
        return select(connection, "id > ? ORDER BY id LIMIT ?", id, most);
    }

    Optional<DeadLetter> one(Connection connection, long id) throws SQLException {
        return select(connection, "id = ?", id).stream().findFirst();
    }

    /** The ids of those that were given up so long ago. */
    List<Long> olderThan(Connection connection, Duration age, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OLD)) {
            select.setString(1, queue);
            select.setLong(2, age.toMillis());
            select.setInt(3, most);
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
        try (PreparedStatement redrive = connection.prepareStatement(REDRIVE)) {
            bind(redrive, ids);
            try (ResultSet row = redrive.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    int purge(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement purge = connection.prepareStatement(PURGE)) {
            bind(purge, ids);
            return purge.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, List<Long> ids) throws SQLException {
        statement.setString(1, queue);
        Column.of("bigint", ids, id -> id).bind(statement, 2);
    }

    private List<DeadLetter> select(Connection connection, String condition, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + condition)) {
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
