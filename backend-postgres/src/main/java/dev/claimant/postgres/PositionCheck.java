package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the sequence of positions is ahead of all numbers in use and no message of the queue lies below its mark, where nobody looks: the
 * tables may have been moved without the sequence, or the sequence set back. Mends what is safe to mend.
 */
final class PositionCheck {

    private static final Logger log = LoggerFactory.getLogger(PositionCheck.class);

    /** Reads what the mark saves others from reading: so rarely, and never at the start of a Job. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    /** The state of an object is not what the server's function needs. */
    private static final String REFUSED = "55000";

    private final SharedConnection connection;
    private final String queue;
    private final Script mend;
    private final Script lookBelow;
    private long nextLookNanos;

    PositionCheck(SharedConnection connection, String queue) {
        this(connection, queue, ThreadLocalRandom.current().nextLong(PAUSE.toNanos()));
    }

    PositionCheck(SharedConnection connection, String queue, long firstLookInNanos) {
        this.nextLookNanos = System.nanoTime() + firstLookInNanos;
        this.connection = connection;
        this.queue = queue;
        this.mend = Script.byIndex("SELECT claimant.mend_position(" + literal(queue) + ")");
        this.lookBelow = Script.byIndex(filled(LOOK_BELOW, literal(queue)));
    }

    /** Adds to the problems what a person has to decide. */
    void check(List<String> problems, long deadline) throws SQLException, InterruptedException {
        try {
            mend(deadline);
        } catch (SQLException e) {
            if (!REFUSED.equals(e.getSQLState())) {
                throw e;
            }
            problems.add("position: " + PostgresErrors.describe(e));
        }
    }

    void mend(long deadline) throws SQLException, InterruptedException {
        connection
                .run(mend, PositionCheck::done, deadline)
                .ifPresent(done ->
                        log.warn("{}: {}; it looks as if the tables were moved without the sequence", queue, done));
    }

    /** Now and then, whether a message lies below the mark. If so the mark goes, and the next claim finds it. */
    void lookBelow(long deadline) throws SQLException, InterruptedException {
        if (System.nanoTime() - nextLookNanos < 0) {
            return;
        }
        nextLookNanos = System.nanoTime() + PAUSE.toNanos();
        if (connection.run(lookBelow, ResultSet::next, deadline)) {
            log.warn(
                    "{}: messages lay below the mark, where nobody looks; claims look from the first message on again",
                    queue);
        }
    }

    private static Optional<String> done(ResultSet row) throws SQLException {
        row.next();
        return Optional.ofNullable(row.getString(1));
    }

    private static final String LOOK_BELOW = """
            WITH newest AS MATERIALIZED (
                SELECT k.ready_from, k.working_from FROM claimant.mark k WHERE k.queue = %1$s ORDER BY k.n DESC LIMIT 1)
            DELETE FROM claimant.mark k WHERE k.queue = %1$s AND (
                EXISTS (
                    SELECT FROM claimant.message m
                    WHERE m.queue = %1$s AND m.state = 'ready' AND m.position < (SELECT ready_from FROM newest))
                OR EXISTS (
                    SELECT FROM claimant.message m
                    WHERE m.queue = %1$s AND m.state = 'working' AND m.position < (SELECT working_from FROM newest)))
            RETURNING k.n""";
}
