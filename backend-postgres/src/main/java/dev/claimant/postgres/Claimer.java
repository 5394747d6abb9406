package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.interval;
import static dev.claimant.postgres.Sql.literal;
import static dev.claimant.postgres.Sql.nullableLiteral;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who claims from what: the parts of a claim that are the same for a queue and for a table of the application.
 *
 * @param queue the queue, or the application's table
 * @param owner for whom messages are reserved
 * @param holder this source, unlike any other
 * @param lockLength how long a claim holds
 */
record Claimer(String queue, @Nullable String owner, String holder, Duration lockLength) {

    /**
     * How many of the oldest locks a claim looks through for expired ones. Locks of one length expire in the order of their positions;
     * where workers use different lengths and hold more than this, an expired lock may be found late, by one such length at most.
     */
    private static final int OLDEST_LOCKS = 1000;

    /** The same of another queue. */
    Claimer from(String other) {
        return new Claimer(other, owner, holder, lockLength);
    }

    /**
     * {@code WITH}: the messages that were handed out before and may be claimed, up to the demand, locked, as {@code back}. First what
     * is reserved for our owner or was left by its last pod, then what is due, then what others left.
     *
     * <p>The one parameter: the demand.
     *
     * @param more further parts of the {@code WITH} that the condition needs, each ending with a comma
     * @param and what else they must fulfil, beginning with {@code AND}
     */
    String withBack(String more, String and) {
        return filled(
                """
                WITH demand AS MATERIALIZED (SELECT ?::bigint AS n),
                mark AS MATERIALIZED (%1$s),
                %7$smine AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.queue = %2$s AND m.owner = %3$s AND m.state IN ('reserved', 'working')
                        AND m.holder IS DISTINCT FROM %4$s%6$s
                    LIMIT (SELECT n FROM demand) FOR UPDATE SKIP LOCKED),
                due AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.queue = %2$s AND m.state = 'waiting' AND m.due_at <= now()%6$s ORDER BY m.due_at
                    LIMIT (SELECT n FROM demand) - (SELECT count(*) FROM mine) FOR UPDATE SKIP LOCKED),
                lapsed AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.queue = %2$s AND m.state = 'reserved' AND m.due_at <= now()%6$s ORDER BY m.due_at
                    LIMIT (SELECT n FROM demand) - (SELECT count(*) FROM mine) - (SELECT count(*) FROM due)
                    FOR UPDATE SKIP LOCKED),
                expired AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.locked_until <= now() AND m.id = ANY (ARRAY(
                        SELECT o.id FROM (
                            SELECT w.id, w.locked_until FROM claimant.message w
                            WHERE w.queue = %2$s AND w.state = 'working'
                                AND w.position >= coalesce((SELECT working_from FROM mark), 0)
                            ORDER BY w.position LIMIT %5$s) o
                        WHERE o.locked_until <= now()))%6$s
                    LIMIT (SELECT n FROM demand)
                        - (SELECT count(*) FROM mine) - (SELECT count(*) FROM due) - (SELECT count(*) FROM lapsed)
                    FOR UPDATE SKIP LOCKED),
                back AS MATERIALIZED (
                    SELECT id FROM mine UNION SELECT id FROM due UNION SELECT id FROM lapsed UNION SELECT id FROM expired)
                """,
                newestMark(queue), literal(queue), nullableLiteral(owner), literal(holder), OLDEST_LOCKS, and, more);
    }

    static String newestMark(String queue) {
        return "SELECT k.ready_from, k.working_from FROM claimant.mark k WHERE k.queue = " + literal(queue)
                + " ORDER BY k.n DESC LIMIT 1";
    }

    /** {@code UPDATE}: locks the chosen rows for us and gives their columns. */
    String lock(String chosen) {
        return filled(
                """
                UPDATE claimant.message m
                SET state = 'working', position = nextval('claimant.position'), fence = nextval('claimant.position'),
                    locked_until = now() + %s, holder = %s, owner = %s, due_at = NULL,
                    attempt = m.attempt + 1, delivery = m.delivery + 1,
                    expired_locks = m.expired_locks + (m.state = 'working')::int,
                    history = CASE WHEN m.state = 'working' THEN %s ELSE m.history END
                WHERE m.id = ANY (ARRAY(%s))
                """,
                interval(lockLength),
                literal(holder),
                nullableLiteral(owner),
                MessageStatements.historyWith("'the lock ended without a settlement'"),
                chosen);
    }
}
