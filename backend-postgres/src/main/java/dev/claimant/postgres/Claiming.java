package dev.claimant.postgres;

import dev.claimant.Claim;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims: asks at once and, while there is nothing, again when it is woken and at every poll interval. Used by one claiming thread; woken
 * and stopped by any.
 */
final class Claiming {

    private static final Logger log = LoggerFactory.getLogger(Claiming.class);

    private static final Duration UPKEEP_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LAST_UPKEEP_TIMEOUT = Duration.ofMillis(500);

    /** After a claim that left nothing the next look waits for so long: it would only take processor time from the handlers that begin. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** How often in a row a claim looks again at once, since others may take what it was to find. */
    private static final int MOST_LOOKS = 10;

    private final SharedConnection connection;
    private final PostgresConfig config;
    private final Claimer claimer;
    private final Statements statements;
    private final UnreadClaims unread;
    private final @Nullable SearchBehindFront<?> search;
    private final @Nullable WakeUp wakeUp;
    private final NextDue nextDue;
    private final PollPauses pauses;
    private final List<Upkeep> upkeep = new ArrayList<>();

    private final WakeablePause pause = new WakeablePause();
    private volatile boolean upkeepOwed;

    /** When everything claimable was last looked at; what was ready then is worked off from a position on. */
    private long lookedAtAllNanos = System.nanoTime() - Duration.ofDays(1).toNanos();

    private long readyFrom;

    /** Whether a claim may wait once for what others hold. */
    private boolean mayWaitForHeld;

    /** Whether there was something that the last claim did not look at, and the next one does. */
    private boolean foundFurther;

    /** Whether the last claim has taken all that there was; what comes later wakes this. */
    private boolean mayRest;

    /** How many a claim asks for at most, after one could not be read: half as many, down to one. */
    private int most = Integer.MAX_VALUE;

    Claiming(
            SharedConnection connection,
            PostgresConfig config,
            Claimer claimer,
            Statements statements,
            UnreadClaims unread,
            boolean job,
            @Nullable WakeUp wakeUp) {
        this.unread = unread;
        this.mayWaitForHeld = job;
        this.wakeUp = wakeUp;
        this.connection = connection;
        this.config = config;
        this.claimer = claimer;
        this.statements = statements;
        this.search = statements.search() == null ? null : statements.search().apply(connection);
        this.nextDue = new NextDue(connection, claimer.queue());
        this.pauses = new PollPauses(
                config.pollInterval, this::isToldOfNewMessages, () -> nextDue.ask(config.statementDeadline()));
        MarkUpkeep marks = new MarkUpkeep(connection, claimer.queue());
        upkeep.add(new Upkeep("move the mark of " + config.queue, Duration.ofMillis(500), marks::move));
        for (Script tidy : statements.tidy()) {
            FinishedRows finished = new FinishedRows(connection, tidy);
            upkeep.add(new Upkeep("remove finished rows of " + config.queue, FinishedRows.PAUSE, finished::tidy));
        }
    }

    /**
     * Of an ordered queue the next message of a key may be claimed when another worker's ends, of which no notification tells. What stands behind
     * thousands of finished rows is found by looking often.
     */
    private boolean isToldOfNewMessages() {
        return wakeUp != null && wakeUp.isListening() && (search == null || (config.isTable && !search.frontIsFull()));
    }

    List<Claim> claim(int demand, Duration wait) throws SQLException, InterruptedException {
        long giveUp = System.nanoTime() + wait.toNanos();
        int looks = 0;
        boolean woken = mayRest && isToldOfNewMessages() && pause.await(Math.min(REST_NANOS, wait.toNanos()));
        mayRest = false;
        keepUp(UPKEEP_TIMEOUT);
        while (!pause.isStopped()) {
            pause.begin();
            int asked = Math.min(demand, most);
            List<Claim> claims = claimOnce(asked, woken);
            woken = false;
            if (!claims.isEmpty()) {
                pauses.begin();
                mayRest = claims.size() < asked && !unread.any() && !foundFurther;
                return claims;
            }
            if ((unread.hasGivenUp() || foundFurther) && looks++ < MOST_LOOKS) {
                continue;
            }
            looks = 0;
            keepUp(UPKEEP_TIMEOUT);
            long left = giveUp - System.nanoTime();
            if (left <= 0 && mayWaitForHeld && !wait.isZero()) {
                mayWaitForHeld = false;
                left = untilOneIsFree();
                giveUp = System.nanoTime() + left;
            }
            if (left <= 0) {
                break;
            }
            if (wakeUp != null) {
                wakeUp.begin(pause::wake);
            }
            woken = pause.await(Math.min(left, pauses.nextNanos()));
            if (woken) {
                pauses.begin();
            }
        }
        return List.of();
    }

    /**
     * KEDA counts a message until its lock ends, also when its worker was killed: after a Job that found nothing and ended it would start
     * the next one at each poll. So a Job waits for the first lock or reservation to end, once, and at most as long as a lock is. It counts as
     * running meanwhile, and takes what else comes.
     */
    private long untilOneIsFree() throws SQLException, InterruptedException {
        long held = nextDue.ask(config.statementDeadline()).held();
        if (held == Long.MAX_VALUE) {
            return 0;
        }
        return Math.min(Duration.ofMillis(held).toNanos(), config.lockLength.toNanos()) + config.pollInterval.toNanos();
    }

    /** A message that was found does not wait for the upkeep: it is done before the next look, or at the end. */
    private void keepUp(Duration timeout) {
        if (upkeepOwed) {
            upkeepOwed = false;
            upkeep.forEach(each -> each.runIfDue(timeout));
        }
    }

    /** Stops. A Job that has claimed all that it wanted does here what it owes. */
    void close() {
        stop();
        if (wakeUp != null) {
            wakeUp.close();
        }
        if (connection.isConnected()) {
            keepUp(LAST_UPKEEP_TIMEOUT);
        }
    }

    void stop() {
        pause.stop();
    }

    /** Ends a pause; one that has not begun yet is left out. */
    void wake() {
        pause.wake();
    }

    /**
     * Looks at everything claimable once per poll interval. In between, and first of all when it is woken, for then a new message is there, looks at
     * ready messages only, and from where the last claim ended: what a long transaction keeps of messages that are gone is not read again by every
     * claim.
     */
    private List<Claim> claimOnce(int demand, boolean woken) throws SQLException, InterruptedException {
        if (unread.any()) {
            return readOneByOne(demand);
        }
        boolean lookedLately = System.nanoTime() - lookedAtAllNanos < config.pollInterval.toNanos();
        List<Claim> claims = woken || lookedLately ? claimReady(demand) : List.of();
        if (claims.isEmpty()) {
            lookedAtAllNanos = System.nanoTime();
            claims = send(statements.claim(), demand, further());
            if (claims.size() == demand) {
                readyFrom = 0;
            }
            foundFurther = search != null && claims.size() < demand && search.moveOn();
            upkeepOwed = true;
        }
        for (Claim claim : claims) {
            readyFrom = Math.max(readyFrom, ((PostgresClaim) claim).row());
        }
        return claims;
    }

    private @Nullable Object further() {
        return search == null ? null : search.from();
    }

    private List<Claim> claimReady(int demand) throws SQLException, InterruptedException {
        Script ready = statements.claimReady();
        return ready == null || readyFrom == 0 ? List.of() : send(ready, demand, readyFrom);
    }

    private List<Claim> send(Script script, int demand, @Nullable Object from)
            throws SQLException, InterruptedException {
        ClaimCall call = ClaimCall.of(claimer, statements, demand, from);
        try {
            List<Claim> claims = unread.accept(connection.run(script, call, call, config.statementDeadline(), false));
            most = claims.size() == most ? (int) Math.min(2L * most, Integer.MAX_VALUE) : most;
            return claims;
        } catch (SQLException e) {
            most = Math.max(1, demand / 2);
            unread.claimFailed();
            if (!PostgresErrors.isOfWhatWasRead(e)) {
                throw e;
            }
            log.warn(
                    "a claim from {} cannot be read: {}; its messages are read one by one",
                    config.queue,
                    PostgresErrors.describe(e));
        }
        return readOneByOne(demand);
    }

    /** What the last claim took; if the server has taken that back, the same again without reading it. */
    private List<Claim> readOneByOne(int demand) throws SQLException, InterruptedException {
        List<Claim> found = unread.read(demand);
        if (found.isEmpty() && !unread.any()) {
            unread.claim(demand, further());
            found = unread.read(demand);
        }
        return found;
    }
}
