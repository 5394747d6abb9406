package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.sql.ResultSet;
import java.sql.SQLException;

/** When messages of a queue come back by themselves: their lock, their reservation or their delay ends. */
final class NextDue {

    private static final long NEVER = Long.MAX_VALUE;

    private final SharedConnection connection;
    private final Script ask;

    /**
     * In how many milliseconds; the longest time where there is none.
     *
     * @param held the end of a lock or a reservation
     * @param delayed the end of a delay
     */
    record Due(long held, long delayed) {

        static final Due NEVER = new Due(NextDue.NEVER, NextDue.NEVER);

        long first() {
            return Math.min(held, delayed);
        }
    }

    NextDue(SharedConnection connection, String queue) {
        this.connection = connection;
        this.ask =
                Script.byIndex(filled("""
                SELECT (SELECT %2$s FROM (
                        (SELECT m.locked_until AS at FROM claimant.message m
                        WHERE m.queue = %1$s AND m.state = 'working' AND m.position >= coalesce((
                            SELECT k.working_from FROM claimant.mark k WHERE k.queue = %1$s ORDER BY k.n DESC LIMIT 1), 0)
                        ORDER BY m.position LIMIT 1000)
                        UNION ALL
                        (SELECT m.due_at FROM claimant.message m WHERE m.queue = %1$s AND m.state = 'reserved'
                        ORDER BY m.due_at LIMIT 1)) AS held),
                    (SELECT %2$s FROM (
                        SELECT m.due_at AS at FROM claimant.message m WHERE m.queue = %1$s AND m.state = 'waiting'
                        ORDER BY m.due_at LIMIT 1) AS delayed)""", literal(queue), "ceil(extract(epoch FROM min(at) - now()) * 1000)::bigint"));
    }

    Due ask(long deadline) throws SQLException, InterruptedException {
        return connection.run(ask, NextDue::due, deadline);
    }

    private static Due due(ResultSet row) throws SQLException {
        row.next();
        return new Due(millis(row, 1), millis(row, 2));
    }

    private static long millis(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? NEVER : Math.max(0, millis);
    }
}
