package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All claims that this worker holds, and when their locks are due for renewal: all of them together, running, waiting and parked alike,
 * each third of the lock. Needs the engine's lock, except {@link #await}.
 */
final class HeldClaims {

    private final ReentrantLock lock;
    private final Condition due;
    private final Clock clock;
    private final long lockNanos;
    private final long callNanos;

    private int size;
    private @Nullable Execution oldest;
    private @Nullable Execution newest;
    private long nextRenewal;
    private boolean closed;

    HeldClaims(EngineContext context, long lockNanos, long callNanos) {
        this.callNanos = callNanos;
        this.lock = context.lock;
        this.due = lock.newCondition();
        this.clock = context.clock;
        this.lockNanos = lockNanos;
    }

    int size() {
        return size;
    }

    void add(Execution execution) {
        if (size++ == 0) {
            nextRenewal = clock.nanos() + lockNanos / 3; // the thread that awaits it looks again before
        }
        execution.before = newest;
        if (newest != null) {
            newest.after = execution;
        } else {
            oldest = execution;
        }
        newest = execution;
    }

    void remove(Execution execution) {
        size--;
        Execution before = execution.before;
        Execution after = execution.after;
        if (before != null) {
            before.after = after;
        } else {
            oldest = after;
        }
        if (after != null) {
            after.before = before;
        } else {
            newest = before;
        }
        execution.before = null;
        execution.after = null;
    }

    /** Every claim held, oldest first. */
    List<Execution> all() {
        List<Execution> all = new ArrayList<>(size);
        for (Execution e = oldest; e != null; e = e.after) {
            all.add(e);
        }
        return all;
    }

    /** What is to be renewed now; empty while it is too early, or if nothing is held. */
    List<Execution> poll() {
        if (size == 0 || clock.nanos() - nextRenewal < 0) {
            return List.of();
        }
        nextRenewal = clock.nanos() + lockNanos / 3;
        List<Execution> batch = all();
        batch.removeIf(Execution::endIsOnItsWay);
        return batch;
    }

    /** Some renewals were not answered: try again well before the lock runs out. */
    void renewSooner() {
        nextRenewal = Math.min(nextRenewal, clock.nanos() + lockNanos / 12);
        due.signal();
    }

    /** The source has extended the lock, at the latest from the moment it was asked. */
    void renewed(Execution execution, long askedAt) {
        if (execution.claim.lockedUntilNanos() != Claim.NO_EXPIRY) {
            execution.claim.lockedUntil(askedAt + lockNanos);
        }
    }

    /** Whether the lock has run out as far as this worker can know. */
    boolean ranOut(Execution execution) {
        long until = execution.claim.lockedUntilNanos();
        return until != Claim.NO_EXPIRY && clock.nanos() - until >= 0;
    }

    /** Whether the lock outlasts a renewal that is sent now, however slow the answer is. */
    boolean lastsLongEnough(Claim claim, long now) {
        long until = claim.lockedUntilNanos();
        return until == Claim.NO_EXPIRY || until - now > callNanos;
    }

    /** Blocks until locks are due; empty when there will be none any more. */
    List<Execution> await() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                List<Execution> batch = poll();
                if (!batch.isEmpty()) {
                    return batch;
                }
                due.awaitNanos(size == 0 ? lockNanos / 3 : nextRenewal - clock.nanos());
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        due.signalAll();
    }
}
