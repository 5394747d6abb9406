package dev.claimant;

import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to claim and how many, and how many a Job still may. Several threads may claim at once; each gets its share of the room. Needs the
 * engine's lock, except {@link #await}.
 */
final class Demand {

    private static final long LONGEST_WAIT_NANOS = 20_000_000_000L;

    /** After this many calls that returned messages, the next one asks for twice as many again. */
    private static final int CALLS_BEFORE_GROWTH = 4;

    private final ReentrantLock lock;
    private final Condition changed;
    private final Clock clock;
    private final int claimers;
    private final int claimBatch;
    private final long claimLingerNanos;
    private final long longestWaitNanos;
    private final Budgets budgets;
    private final ClaimPauses pauses;
    private final @Nullable JobOptions job;

    private int asked;
    private int callsUnderWay;
    private volatile int claimed;

    /** Until then demand for less than a batch waits for more: the source has just brought all that it was asked for. */
    private long gathersUntil;

    /** The most that one call asks for: an earlier call may have failed because its messages do not fit the heap together. */
    private int limit = Integer.MAX_VALUE;

    private int callsSinceChange;

    /** Since when the source has returned nothing although it was asked; the time in which a Job works is not idle time. */
    private long emptySince;

    private boolean askedSinceTheLastClaim;

    /** Whether the last call that came back had failed. */
    private boolean failing;

    /** The application wants no more for now. */
    private boolean suspended;

    private boolean closed;

    Demand(
            EngineContext context,
            Capabilities source,
            Budgets budgets,
            @Nullable JobOptions job,
            RandomGenerator random) {
        this.lock = context.lock;
        this.changed = lock.newCondition();
        this.clock = context.clock;
        this.claimers = source.claimers();
        this.claimBatch = source.claimBatch();
        this.claimLingerNanos = job == null ? source.claimLinger().toNanos() : 0;
        this.gathersUntil = clock.nanos();
        this.longestWaitNanos = Math.min(LONGEST_WAIT_NANOS, source.lockLength().toNanos() / 4);
        this.budgets = budgets;
        this.job = job;
        this.pauses = new ClaimPauses(clock, random);
    }

    /** How much one call may ask for now; 0 if there is no room worth a call, or the loop pauses. */
    int poll() {
        int room = roomWorthACall();
        if (room == 0) {
            return 0;
        }
        int share = 1 + (budgets.most() - 1) / claimers;
        int demand = Math.min(Math.min(room, limit), claimBatch == Integer.MAX_VALUE ? share : claimBatch);
        asked += demand;
        callsUnderWay++;
        if (!askedSinceTheLastClaim) {
            askedSinceTheLastClaim = true;
            emptySince = clock.nanos();
        }
        return demand;
    }

    private int roomWorthACall() {
        if (closed || suspended || isPaused()) {
            return 0;
        }
        int room = Math.min(budgets.room(), unclaimed()) - asked;
        return room > 0 && budgets.worthACall(room) && !(room < fullCall() && gathers()) ? room : 0;
    }

    /** What is worth no waiting for more: a batch, or half of what this worker can ask for, so that the other half keeps busy meanwhile. */
    private int fullCall() {
        return Math.min(Math.min(claimBatch, limit), Math.max(1, budgets.most() / 2));
    }

    private boolean gathers() {
        return gathersUntil - clock.nanos() > 0;
    }

    /** How long the call may wait for a first message; not at all after a failure, so that the source's recovery shows at once. */
    Duration longestWait() {
        if (failing) {
            return Duration.ZERO;
        }
        long idle = job == null ? longestWaitNanos : Math.max(0, idleDeadline(job) - clock.nanos());
        return Duration.ofNanos(Math.min(longestWaitNanos, idle));
    }

    /** A call has returned this many claims; returns whether they are the last of a Job. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written with the engine's lock held, read without
    boolean recordClaimed(int claims) {
        claimed += claims;
        if (claims > 0) {
            askedSinceTheLastClaim = false;
            emptySince = clock.nanos();
            raiseLimit();
        }
        return job != null && unclaimed() <= 0;
    }

    private void raiseLimit() {
        if (limit < budgets.most() && ++callsSinceChange >= CALLS_BEFORE_GROWTH) {
            callsSinceChange = 0;
            limit = limit > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : limit * 2;
        }
    }

    /**
     * A call has returned, and its messages are held.
     *
     * @param full it brought all that it was asked for: there is more
     * @param emptyEarly it returned nothing long before its time was up
     */
    void returned(int demand, boolean full, boolean emptyEarly) {
        asked -= demand;
        callsUnderWay--;
        failing = false;
        gathersUntil = clock.nanos() + (full ? claimLingerNanos : 0);
        pauses.answered(emptyEarly);
        closeIfJobIsDone();
        changed.signalAll();
    }

    /** A call has failed: the loop pauses, and asks for half as much then. */
    void failed(int demand) {
        limit = Math.max(1, demand / 2);
        callsSinceChange = 0;
        asked -= demand;
        callsUnderWay--;
        failing = true;
        pauses.failed();
        closeIfJobIsDone();
        changed.signalAll();
    }

    /** There may be more room now. */
    void roomMayHaveGrown() {
        if (roomWorthACall() > 0) {
            changed.signal();
        }
    }

    /** Ends a pause. */
    void wake() {
        pauses.end();
        changed.signalAll();
    }

    void suspend(boolean suspended) {
        this.suspended = suspended;
        changed.signalAll();
    }

    boolean isClosed() {
        return closed;
    }

    /** Needs no lock. */
    boolean hasClaimed() {
        return claimed > 0;
    }

    /** Whether the last call that came back had failed. */
    boolean lastCallFailed() {
        return failing;
    }

    int callsUnderWay() {
        return callsUnderWay;
    }

    private int unclaimed() {
        return job == null ? Integer.MAX_VALUE : job.messages() - claimed;
    }

    private void closeIfJobIsDone() {
        boolean idle = job != null && askedSinceTheLastClaim && clock.nanos() - idleDeadline(job) >= 0;
        if (idle || unclaimed() <= 0) {
            close();
        }
    }

    private long idleDeadline(JobOptions job) {
        return emptySince + job.idleTimeout().toNanos();
    }

    /** Whether nothing is asked for now, after a failure. */
    boolean isPaused() {
        return pauses.nanos() > 0;
    }

    /** Blocks until there is something to ask for; 0 when there will be nothing any more. */
    int await() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                // before the poll: a pause that ended after it would leave a wait without an end
                long pause = Math.max(pauses.nanos(), gathersUntil - clock.nanos());
                int demand = poll();
                if (demand > 0) {
                    return demand;
                }
                if (pause > 0) {
                    changed.awaitNanos(pause);
                } else {
                    changed.await();
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        changed.signalAll();
    }
}
