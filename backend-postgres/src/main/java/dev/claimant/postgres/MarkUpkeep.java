package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Moves the mark of a queue on: the position below which no message is ready, and the one below which none is being worked on. Claims
 * and counts begin there. Without it they would read, one by one, the index entries of all messages that are gone, as long as some
 * transaction keeps vacuum from removing them.
 *
 * <p>A mark must never pass a message whose transaction commits late. So it moves in two steps. First the horizon is noted: the next
 * position to be drawn, and then the transactions that hold the lock which every writer of the table takes before it draws a position.
 * Only when all of these have ended, a later statement sees every message below the horizon that there will ever be, and moves the
 * mark to the first one that is left, or to the horizon.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES">ROW EXCLUSIVE</a>
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">pg_locks</a>
 * @see <a href="https://www.postgresql.org/docs/current/functions-sequence.html">Sequences: never rolled back</a>
 */
final class MarkUpkeep {

    /** To move a mark by less is not worth a row. */
    private static final int STEP = 1000;

    private final SharedConnection connection;
    private final PositionCheck check;
    private final Script newest;
    private final Script writers;
    private final Script move;

    /** The newest row, and the next position to be drawn. */
    private record Mark(long n, long from, long horizon, long drawn) {

        /** The horizon was the next position when it was noted: the sequence has been set back since. */
        boolean isAheadOfTheSequence() {
            return horizon > drawn;
        }

        boolean worthMoving() {
            return drawn - horizon >= STEP || horizon - from >= STEP;
        }
    }

    /** Who may still add a message below the next horizon, and whether someone still may below the last one. */
    private record Writers(List<String> all, boolean beforeHorizon) {}

    MarkUpkeep(SharedConnection connection, String queue) {
        this.connection = connection;
        this.check = new PositionCheck(connection, queue);
        String name = literal(queue);
        newest = Script.byIndex(filled(NEWEST, name));
        writers = Script.byIndex(filled(WRITERS, name));
        move = Script.byIndex(filled(MOVE, name, first(name, "ready"), first(name, "working")));
    }

    /** The order of the three statements is what makes the mark safe: position, writers, messages. */
    void move(long deadline) throws SQLException, InterruptedException {
        Mark mark = connection.run(newest, MarkUpkeep::mark, deadline);
        if (mark.isAheadOfTheSequence()) {
            check.mend(deadline);
            return;
        }
        check.lookBelow(deadline);
        if (!mark.worthMoving()) {
            return;
        }
        Writers now = connection.run(
                writers, statement -> statement.setLong(2, mark.n()), MarkUpkeep::writers, deadline, false);
        if (now.beforeHorizon()) {
            return;
        }
        connection.run(
                move,
                statement -> {
                    statement.setLong(2, mark.n());
                    statement.setLong(3, mark.drawn());
                    Column.of("text", now.all(), writer -> writer).bind(statement, 4);
                },
                rows -> rows,
                deadline,
                false);
    }

    private static Mark mark(ResultSet row) throws SQLException {
        row.next();
        return new Mark(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    private static Writers writers(ResultSet row) throws SQLException {
        row.next();
        return new Writers(List.of((String[]) row.getArray(1).getArray()), row.getBoolean(2));
    }

    private static final String NEWEST = """
            SELECT coalesce(k.n, 0), coalesce(least(k.ready_from, k.working_from), 0), coalesce(k.horizon, 0),
                s.last_value + s.is_called::int
            FROM claimant.position s LEFT JOIN LATERAL (
                SELECT * FROM claimant.mark k WHERE k.queue = %s ORDER BY k.n DESC LIMIT 1) k ON true""";

    /** A transaction that is prepared for a two-phase commit survives a restart, under another name: whether it was noted cannot be told. */
    private static final String WRITERS = """
            SELECT w.all, w.all && coalesce((SELECT k.writers FROM claimant.mark k WHERE k.queue = %s AND k.n = ?), '{}') OR w.older
            FROM (SELECT coalesce(array_agg(l.virtualtransaction), '{}') AS all,
                    coalesce(bool_or(starts_with(l.virtualtransaction, '-1/')), false) AS older
                FROM pg_locks l
                WHERE l.locktype = 'relation' AND l.relation = 'claimant.message'::regclass AND l.mode = 'RowExclusiveLock'
                    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())) w""";

    /** Rows older than the last ten are removed by number, so that nothing has to search for them. */
    private static final String MOVE = """
            WITH asked AS MATERIALIZED (SELECT ?::bigint AS n, ?::bigint AS drawn, ?::text[] AS writers),
            last AS MATERIALIZED (
                SELECT coalesce(k.ready_from, 0) AS ready_from, coalesce(k.working_from, 0) AS working_from,
                    coalesce(k.horizon, 0) AS horizon
                FROM asked a LEFT JOIN claimant.mark k ON k.queue = %1$s AND k.n = a.n),
            outdated AS (
                DELETE FROM claimant.mark k USING asked a WHERE k.queue = %1$s AND k.n BETWEEN a.n - 20 AND a.n - 10)
            INSERT INTO claimant.mark (queue, n, ready_from, working_from, horizon, writers)
            SELECT %1$s, a.n + 1, %2$s, %3$s, a.drawn, a.writers FROM asked a, last l
            ON CONFLICT DO NOTHING
            RETURNING n""";

    private static String first(String queue, String state) {
        return filled("""
                coalesce((
                    SELECT m.position FROM claimant.message m
                    WHERE m.queue = %1$s AND m.state = '%2$s' AND m.position >= l.%2$s_from AND m.position < l.horizon
                    ORDER BY m.position LIMIT 1), l.horizon)""", queue, state);
    }
}
