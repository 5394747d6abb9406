package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.interval;
import static dev.claimant.postgres.Sql.literal;
import static dev.claimant.postgres.Sql.nullableLiteral;

import dev.claimant.spi.Plan;
import java.time.Duration;

/**
 * The statements that are the same for a queue and for a table of the application: they concern only {@code claimant.message}. Each
 * locks its rows in the order of their ids and passes over rows that another transaction holds, so that none ever waits for a handler's
 * transaction and no two can block each other.
 *
 * <p>Arrays of ids and fencing numbers are the first parameters; the ids that were changed are the result.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE">SKIP LOCKED</a>
 */
final class MessageStatements {

    private MessageStatements() {}

    /** A new position keeps a message that is worked on for long from holding back the mark. */
    static Script renew(String holder, Duration lockLength) {
        return Script.byIndex(held(holder) + filled("""
                UPDATE claimant.message m
                SET locked_until = now() + %s, position = nextval('claimant.position')
                WHERE m.id = ANY (ARRAY(SELECT id FROM held))
                RETURNING m.id""", interval(lockLength)));
    }

    /** More parameters: delays in milliseconds, whether reserved, errors. */
    static Script retry(String holder, Plan plan) {
        return Script.byIndex(held(holder, ", ?::bigint[], ?::boolean[], ?::text[]", ", delay, reserved, error")
                + filled("""
                UPDATE claimant.message m
                SET state = CASE WHEN a.reserved THEN 'reserved' ELSE 'waiting' END,
                    due_at = now() + greatest(a.delay * interval '1 millisecond', CASE WHEN a.reserved THEN %s END),
                    owner = CASE WHEN a.reserved THEN %s END,
                    history = %s,
                    locked_until = NULL, holder = NULL
                FROM asked a
                WHERE m.id = ANY (ARRAY(SELECT id FROM held)) AND a.id = m.id
                RETURNING m.id""", interval(plan.reservation()), nullableLiteral(plan.owner()), historyWith("a.error")));
    }

    static Script release(String holder) {
        return Script.byIndex(held(holder) + """
                UPDATE claimant.message m
                SET state = 'waiting', due_at = now(), attempt = greatest(m.attempt - 1, 0),
                    owner = NULL, locked_until = NULL, holder = NULL
                WHERE m.id = ANY (ARRAY(SELECT id FROM held))
                RETURNING m.id""");
    }

    /** What became of rows that a statement did not change. The one parameter: their ids. */
    static Script look() {
        return Script.byIndex(
                "SELECT m.id, m.fence, m.state, m.holder FROM claimant.message m WHERE m.id = ANY (?::bigint[])");
    }

    static String held(String holder) {
        return held(holder, "", "");
    }

    /**
     * The rows that are still ours and that nobody else holds, as {@code held}; what was asked for, as {@code asked}. They are found
     * by id alone: a condition on the state would offer the planner an index of all that is worked on.
     *
     * <p>The fencing number is not enough: a server that gave up on durability, or a standby that lagged behind when it took over, may have
     * forgotten the claim, and have drawn its number again for another holder's.
     */
    static String held(String holder, String moreArrays, String moreColumns) {
        return filled("""
                WITH asked AS MATERIALIZED (SELECT * FROM unnest(?::bigint[], ?::bigint[]%s) AS a(id, fence%s)),
                held AS MATERIALIZED (
                    SELECT m.id FROM asked a JOIN claimant.message m ON m.id = a.id AND m.fence = a.fence
                    WHERE m.locked_until IS NOT NULL AND m.holder = %s
                    ORDER BY m.id FOR UPDATE OF m SKIP LOCKED)
                """, moreArrays, moreColumns, literal(holder));
    }

    /**
     * One row, if it is still ours, as {@code held}: for the handler's own transaction, which waits for a renewal that has the row. The
     * parameters: its id and fencing number.
     */
    static String heldOne(String holder) {
        return filled("""
                WITH held AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.id = ? AND m.fence = ? AND m.locked_until IS NOT NULL AND m.holder = %s FOR UPDATE)
                """, literal(holder));
    }

    /** The history with one entry more; the oldest is given up beyond twenty. */
    static String historyWith(String error) {
        return filled("""
                CASE WHEN jsonb_array_length(m.history) >= 20 THEN m.history - 0 ELSE coalesce(m.history, '[]') END
                        || jsonb_build_object('at', now(), 'by', m.holder, 'attempt', m.attempt, 'error', %s::text)""", error);
    }
}
