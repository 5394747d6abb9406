package dev.claimant;

import dev.claimant.Execution.Stage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What must happen at a set time: handlers that have run too long, parked claims that are due. Needs the engine's lock. */
final class Deadlines {

    private final ReentrantLock lock;
    private final Condition changed;
    private final Clock clock;
    private final @Nullable Duration handlerTimeout;

    /** In the order in which they started, which is the order in which they time out; some have returned. */
    private final ArrayDeque<Run> runs = new ArrayDeque<>();

    private final PriorityQueue<Execution> parked = new PriorityQueue<>((a, b) -> Long.signum(a.dueAt - b.dueAt));

    private boolean closed;

    private record Run(Execution execution, long startedAt) {
        boolean isOn() {
            return execution.is(Stage.RUNNING) && execution.startedAt == startedAt;
        }
    }

    Deadlines(ReentrantLock lock, Clock clock, @Nullable Duration handlerTimeout) {
        this.lock = lock;
        this.changed = lock.newCondition();
        this.clock = clock;
        this.handlerTimeout = handlerTimeout;
    }

    int parked() {
        return parked.size();
    }

    /** Whether {@link #started} wants to know. */
    boolean limitHandlers() {
        return handlerTimeout != null;
    }

    void started(Execution execution) {
        runs.add(new Run(execution, execution.startedAt));
        if (runs.size() == 1) {
            changed.signal();
        }
    }

    void park(Execution execution, Duration delay) {
        execution.stage = Stage.PARKED;
        execution.dueAt = clock.nanos() + delay.toNanos();
        parked.add(execution);
        changed.signal();
    }

    /** A parked claim leaves before its time. */
    void unpark(Execution execution) {
        parked.remove(execution);
    }

    /** A parked claim that is due, or nothing. */
    @Nullable Execution pollParked() {
        Execution first = parked.peek();
        return first == null || clock.nanos() - first.dueAt < 0 ? null : parked.poll();
    }

    /** A handler that has run too long, or nothing. */
    @Nullable Execution pollTimedOut() {
        for (Run run = runs.peek(); run != null; run = runs.peek()) {
            if (run.isOn() && clock.nanos() - timeoutOf(run) < 0) {
                return null;
            }
            runs.remove();
            if (run.isOn()) {
                return run.execution;
            }
        }
        return null;
    }

    /** How long nothing will be due; never negative. */
    private long quietNanos() {
        long quiet = TimeUnit.HOURS.toNanos(1);
        Execution first = parked.peek();
        if (first != null) {
            quiet = Math.min(quiet, first.dueAt - clock.nanos());
        }
        Run oldest = runs.peek();
        if (oldest != null) {
            quiet = Math.min(quiet, timeoutOf(oldest) - clock.nanos());
        }
        return Math.max(0, quiet);
    }

    private long timeoutOf(Run run) {
        return handlerTimeout == null ? Long.MAX_VALUE : run.startedAt + handlerTimeout.toNanos();
    }

    /** Blocks until something is due; false when nothing will be any more. */
    boolean await() throws InterruptedException {
        lock.lock();
        try {
            long quiet = quietNanos();
            while (!closed && quiet > 0) {
                changed.awaitNanos(quiet);
                quiet = quietNanos();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        changed.signalAll();
    }
}
