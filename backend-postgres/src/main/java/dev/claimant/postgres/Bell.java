package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes idle workers of a queue with a {@code NOTIFY}: see {@link Listener}.
 *
 * <p>Every transaction that notifies holds one lock of the whole server until it is flushed to disk, so commits that notify go one after
 * the other. Hence at most one enqueue at a time rings with its own commit, and only a {@linkplain Quiet quiet} one. All others ring after
 * it, by a transaction that writes nothing and waits for no disk; and not at all while the oldest ready message waits already, for then nobody
 * is idle.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
 */
final class Bell {

    /** One for all queues; the payload names the queue. */
    static final String CHANNEL = "claimant";

    private static final Logger log = LoggerFactory.getLogger(Bell.class);

    /**
     * An idle worker that hears would have taken a message within this. Generous: a slow client rings so much later than it put its message
     * in, and must not take that for one that nobody has time for.
     */
    private static final String NOBODY_IS_IDLE = "1 second";

    private Bell() {}

    /**
     * {@code SELECT}: rings unless nobody would hear it, nor while notifications pile up, for some listener that does not listen: when there is
     * no room for more, commits fail. No parameters.
     */
    static String ring(String queue) {
        return filled("""
                SELECT pg_notify('%1$s', %2$s) WHERE pg_notification_queue_usage() < 0.5 AND NOT coalesce((
                    SELECT m.enqueued_at < now() - interval '%3$s' FROM claimant.message m
                    WHERE m.queue = %2$s AND m.state = 'ready' AND m.position >= coalesce((
                        SELECT k.ready_from FROM claimant.mark k WHERE k.queue = %2$s ORDER BY k.n DESC LIMIT 1), 0)
                    ORDER BY m.position LIMIT 1), false)""", CHANNEL, literal(queue), NOBODY_IS_IDLE);
    }

    /**
     * An expression that rings with the commit of its statement, and tells whether it does. Not while another one does: two would wait for
     * each other's flush. Not while notifications pile up.
     */
    static String ringWithin(String queue) {
        return filled("""
                CASE WHEN pg_notification_queue_usage() < 0.5 AND pg_try_advisory_xact_lock(hashtextextended('%1$s bell', 0))
                    THEN pg_notify('%1$s', %2$s) IS NOT NULL ELSE false END""", CHANNEL, literal(queue));
    }

    /** Rings with the commit of the application's transaction, whoever else does. */
    static void ringWithin(Connection transaction, String queue) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute(always(queue));
        }
    }

    /** Rings after what was put in is committed. What goes wrong is logged: the message is in, and polling finds it. */
    static void ring(Connection connection, String queue) {
        ring(connection, queue, ring(queue));
    }

    /** The same whatever waits: what comes back, or came by a long transaction, is older than the time for which it could be had. */
    static void ringAnyway(Connection connection, String queue) {
        ring(connection, queue, always(queue));
    }

    private static String always(String queue) {
        return "SELECT pg_notify('" + CHANNEL + "', " + literal(queue) + ")";
    }

    private static void ring(Connection connection, String queue, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            log.warn("cannot wake the workers of {}: {}", queue, PostgresErrors.describe(e));
        }
    }
}
