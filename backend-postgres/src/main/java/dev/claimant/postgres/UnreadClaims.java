package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import dev.claimant.Claim;
import dev.claimant.postgres.ClaimCall.Rows;
import dev.claimant.postgres.ClaimCall.Unreadable;
import dev.claimant.spi.Plan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a claim has taken on the server and could not bring: the connection broke, one message is damaged, all together are too much for the
 * memory. Such messages are ours, and nobody knows them. They are found by their fencing numbers, which are higher than all that were handed
 * out, and read one by one. One that cannot be read is dead-lettered with the reason: at once where it never can be, else after its
 * attempts, which core cannot count for what it never sees. Used by the claiming thread.
 */
final class UnreadClaims {

    private static final Logger log = LoggerFactory.getLogger(UnreadClaims.class);
    private static final long LONGEST_PAUSE_MILLIS = Duration.ofMinutes(5).toMillis();

    private final SharedConnection connection;
    private final PostgresConfig config;
    private final Claimer claimer;
    private final Statements statements;
    private final Plan plan;
    private final Script find;
    private final Script retry;
    private long highestFence;
    private boolean any;
    private boolean hasGivenUp;

    /** A message that is ours, of which only this much is known. */
    private record Unread(long id, long fence, int attempt) {}

    UnreadClaims(
            SharedConnection connection, PostgresConfig config, Statements statements, Claimer claimer, Plan plan) {
        this.connection = connection;
        this.config = config;
        this.claimer = claimer;
        this.statements = statements;
        this.plan = plan;
        this.find = find(claimer);
        this.retry = MessageStatements.retry(claimer.holder(), plan);
    }

    /** Whether there may be some: no other claim may come before they are found, or its higher fencing numbers would hide them. */
    boolean any() {
        return any;
    }

    /** Whether some were dead-lettered since the last question: others may stand behind them. */
    boolean hasGivenUp() {
        boolean had = hasGivenUp;
        hasGivenUp = false;
        return had;
    }

    /** A claim has failed, and may have taken messages all the same. */
    void claimFailed() {
        any = true;
    }

    /** Those that a claim brought, to be handed out; gives up what it could not read. */
    List<Claim> accept(Rows rows) throws SQLException, InterruptedException {
        for (PostgresClaim claim : rows.claims()) {
            highestFence = Math.max(highestFence, claim.fence());
        }
        boolean toRetry = false;
        for (Unreadable message : rows.unreadable()) {
            highestFence = Math.max(highestFence, message.fence());
            toRetry |= !giveUp(message);
        }
        if (toRetry && rows.claims().isEmpty()) {
            Unreadable first = rows.unreadable().get(0);
            throw new SQLException("message " + first.id() + " cannot be read", "58000", first.failure());
        }
        return List.copyOf(rows.claims());
    }

    /** Those that are found, read one by one, up to the demand. Stops before one that may have failed for want of memory alone. */
    List<Claim> read(int demand) throws SQLException, InterruptedException {
        long lockedUntilNanos = System.nanoTime() + config.lockLength.toNanos();
        List<Unread> found = connection.run(
                find,
                statement -> {
                    statement.setLong(2, highestFence);
                    statement.setLong(3, demand);
                },
                UnreadClaims::unread,
                config.statementDeadline(),
                false);
        List<Claim> claims = new ArrayList<>();
        for (Unread message : found) {
            Rows rows = readOne(message, lockedUntilNanos);
            boolean failed = !rows.unreadable().isEmpty();
            if (failed
                    && !claims.isEmpty()
                    && !PostgresErrors.isLasting(rows.unreadable().get(0).failure())) {
                return claims;
            }
            claims.addAll(accept(rows));
        }
        any = found.size() == demand;
        return claims;
    }

    /** Takes messages without reading them, for {@link #read} to find. */
    void claim(int demand, @Nullable Object from) throws SQLException, InterruptedException {
        any = true;
        ClaimCall call = ClaimCall.of(claimer, statements, demand, from);
        connection.run(statements.claimUnread(), call, rows -> rows, config.statementDeadline(), false);
    }

    private Rows readOne(Unread message, long lockedUntilNanos) throws InterruptedException {
        ClaimCall call = ClaimCall.again(claimer, statements, message.id(), message.fence(), lockedUntilNanos);
        try {
            return connection.run(statements.readOne(), call, call, config.statementDeadline(), false);
        } catch (SQLException e) {
            return new Rows(List.of(), List.of(new Unreadable(message.id(), message.fence(), message.attempt(), e)));
        }
    }

    /** Returns whether it is over; false when it comes back. Throws when the server is not there: nothing is wrong with the message. */
    private boolean giveUp(Unreadable message) throws SQLException, InterruptedException {
        String why = "cannot be read: " + PostgresErrors.describe(message.failure());
        boolean isLasting = PostgresErrors.isLasting(message.failure());
        if (!isLasting && message.attempt() < plan.maxAttempts()) {
            long pause = Math.min(1000L << Math.min(message.attempt(), 20), LONGEST_PAUSE_MILLIS);
            log.warn("message {} of {} {}; it is tried again in {} ms", message.id(), config.queue, why, pause);
            change(retry, message, Column.of("bigint", pause), Column.of("boolean", false), Column.of("text", why));
            return false;
        }
        hasGivenUp = true;
        log.error("message {} of {} {}; it is dead-lettered", message.id(), config.queue, why);
        Column reason = Column.of("text", isLasting ? why : "attempt " + message.attempt() + ": " + why);
        Column error = Column.of("text", (Object) null);
        try {
            change(statements.deadLetter(), message, reason, error);
        } catch (SQLException e) {
            if (!PostgresErrors.isOfWhatWasRead(e)) {
                throw e;
            }
            change(statements.deadLetterUnread(), message, reason, error);
        }
        return true;
    }

    private void change(Script script, Unreadable message, Column... more) throws SQLException, InterruptedException {
        connection.run(
                script,
                statement -> {
                    Column.of("bigint", message.id()).bind(statement, 2);
                    Column.of("bigint", message.fence()).bind(statement, 3);
                    for (int i = 0; i < more.length; i++) {
                        more[i].bind(statement, 4 + i);
                    }
                },
                rows -> rows,
                config.statementDeadline(),
                false);
    }

    private static List<Unread> unread(ResultSet rows) throws SQLException {
        List<Unread> found = new ArrayList<>();
        while (rows.next()) {
            found.add(new Unread(rows.getLong(1), rows.getLong(2), rows.getInt(3)));
        }
        return found;
    }

    /** Their locks begin anew. Parameters: the fencing number above which to look, how many. */
    private static Script find(Claimer claimer) {
        return Script.byIndex(filled(
                """
                WITH mark AS MATERIALIZED (%1$s),
                unread AS MATERIALIZED (
                    SELECT w.id FROM claimant.message w
                    WHERE w.queue = %2$s AND w.state = 'working' AND w.position >= coalesce((SELECT working_from FROM mark), 0)
                        AND w.holder = %3$s AND w.fence > ?
                    ORDER BY w.fence LIMIT ? FOR UPDATE SKIP LOCKED),
                renewed AS (
                    UPDATE claimant.message m SET locked_until = now() + %4$s, position = nextval('claimant.position')
                    WHERE m.id = ANY (ARRAY(SELECT id FROM unread)) RETURNING m.id, m.fence, m.attempt)
                SELECT id, fence, attempt FROM renewed ORDER BY fence""",
                Claimer.newestMark(claimer.queue()),
                literal(claimer.queue()),
                literal(claimer.holder()),
                Sql.interval(claimer.lockLength())));
    }
}
