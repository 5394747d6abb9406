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
 * the other. Hence at most one enqueue at a time notifies with its own commit, and not each one: {@link NotificationPace}. What it does not cover is left
 * to {@link NotifierThread}, which notifies once for all of it, by a transaction that writes nothing and waits for no disk.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
 */
final class EnqueueNotifier {

    /** One for all queues; the payload names the queue. */
    static final String CHANNEL = "claimant";

    private static final Logger log = LoggerFactory.getLogger(EnqueueNotifier.class);

    /**
     * An idle worker that is notified would have taken a message within this. Generous: a slow client notifies this much later than it
     * enqueued its message, and must not take that for one that nobody has time for.
     */
    private static final String NOBODY_IS_IDLE = "1 second";

    private EnqueueNotifier() {}

    /**
     * {@code SELECT}: notifies unless nobody would hear it, nor while notifications pile up, for some listener that does not listen: when
     * there is no room for more, commits fail. A message with an ordering key may wait for another one of its key, while workers are idle. No
     * parameters.
     */
    static String notify(String queue) {
        return filled("""
                SELECT pg_notify('%1$s', %2$s) WHERE pg_notification_queue_usage() < 0.5 AND NOT coalesce((
                    SELECT m.enqueued_at < now() - interval '%3$s' AND m.ordering_key IS NULL FROM claimant.message m
                    WHERE m.queue = %2$s AND m.state = 'ready' AND m.position >= coalesce((
                        SELECT k.ready_from FROM claimant.mark k WHERE k.queue = %2$s ORDER BY k.n DESC LIMIT 1), 0)
                    ORDER BY m.position LIMIT 1), false)""", CHANNEL, literal(queue), NOBODY_IS_IDLE);
    }

    /**
     * An expression that notifies with the commit of its statement, and returns whether it does. Not while another one does: two would wait
     * for each other's flush. Not while notifications pile up.
     */
    static String notifyWithCommit(String queue) {
        return filled("""
                CASE WHEN pg_notification_queue_usage() < 0.5 AND pg_try_advisory_xact_lock(hashtextextended('%1$s bell', 0))
                    THEN pg_notify('%1$s', %2$s) IS NOT NULL ELSE false END""", CHANNEL, literal(queue));
    }

    /** Notifies with the commit of the application's transaction, whatever others do. */
    static void notifyWithCommit(Connection transaction, String queue) throws SQLException {
        execute(transaction, always(queue));
    }

    /** Notifies of messages that are committed. A failure is logged: polling finds the messages. */
    static void notify(Connection connection, String queue) {
        log(connection, queue, notify(queue));
    }

    /** The same whatever waits: what comes back, or came by a long transaction, is older than the time for which it could be had. */
    static void notifyAnyway(Connection connection, String queue) {
        log(connection, queue, always(queue));
    }

    private static String always(String queue) {
        return "SELECT pg_notify('" + CHANNEL + "', " + literal(queue) + ")";
    }

    private static void log(Connection connection, String queue, String sql) {
        try {
            execute(connection, sql);
        } catch (SQLException e) {
            log.warn("cannot wake the workers of {}: {}", queue, PostgresErrors.describe(e));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
