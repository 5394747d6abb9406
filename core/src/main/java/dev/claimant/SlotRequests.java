package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * What the slots ask of {@link SlotThreads}: threads to be made, handlers to be interrupted. Everything except {@link #await} and
 * {@link #threadFailed} needs the engine's lock.
 */
final class SlotRequests {

    /** What is due now. */
    record Due(int threads, List<Interrupt> interrupts) {
        boolean isEmpty() {
            return threads == 0 && interrupts.isEmpty();
        }
    }

    /** The handler of this claim, on this thread, is to be interrupted. */
    record Interrupt(SlotThread thread, Execution execution) {}

    /** A virtual thread begins late where the handlers of others compute. */
    private static final long LONGEST_START_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final int mostThreads;
    private final IntSupplier unserved;
    private final ReentrantLock lock;
    private final Condition requested;
    private final Clock clock;
    private List<Interrupt> interrupts = new ArrayList<>();

    /** Including those that are being made. */
    private int threads;

    private int threadsBeingMade;

    /** When the first thread was asked for. */
    private long firstAskedAt;

    /** A thread could not be made: the next try waits until {@link #pausedUntil}. */
    private boolean pausing;

    private long pausedUntil;
    private boolean closed;

    /**
     * None yet.
     *
     * @param unserved how many claims may run now for which no thread has been called
     */
    SlotRequests(EngineContext context, int mostThreads, IntSupplier unserved) {
        this.mostThreads = mostThreads;
        this.unserved = unserved;
        this.lock = context.lock;
        this.clock = context.clock;
        this.requested = lock.newCondition();
    }

    /** A claim more may run. */
    void callForWork() {
        if (threadsWanted() > 0) {
            requested.signal();
        }
    }

    /** The handler is to be interrupted. */
    void interrupt(Execution execution) {
        SlotThread thread = execution.thread;
        if (thread != null) {
            interrupts.add(new Interrupt(thread, execution));
            requested.signal();
        }
    }

    /** A thread that is being made serves one claim too. */
    private int threadsWanted() {
        return Math.min(mostThreads - threads, unserved.getAsInt() - threadsBeingMade);
    }

    /** A new thread has begun. */
    void threadBegan() {
        threadsBeingMade--;
    }

    /** Takes the requests that are due now. */
    Due poll() {
        int wanted = closed || pauseNanos() > 0 ? 0 : Math.max(0, threadsWanted());
        Due due = new Due(wanted, interrupts);
        if (threads == 0) {
            firstAskedAt = clock.nanos();
        }
        threads += wanted;
        threadsBeingMade += wanted;
        interrupts = new ArrayList<>();
        return due;
    }

    private long pauseNanos() {
        return pausing ? pausedUntil - clock.nanos() : 0;
    }

    /**
     * Blocks until handlers are to be interrupted or threads to be made; empty when there will be nothing any more. A defect if no thread that was
     * asked for ever begins: the worker would keep claims that nobody can work on.
     */
    Due await() throws InterruptedException {
        lock.lock();
        try {
            long pause = pauseNanos(); // before the poll: if it ended after that, nobody would end the wait
            Due due = poll();
            while (due.isEmpty() && !closed) {
                requested.awaitNanos(pause > 0 ? pause : patienceNanos());
                pause = pauseNanos();
                due = poll();
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** For how long a thread may still begin; without an end once one has. */
    private long patienceNanos() {
        boolean oneHasBegun = threads == 0 || threads > threadsBeingMade;
        long left = oneHasBegun ? Long.MAX_VALUE : firstAskedAt + LONGEST_START_NANOS - clock.nanos();
        if (left <= 0) {
            throw new IllegalStateException("the threads for handlers were started, and none has begun to run");
        }
        return left;
    }

    /** A requested thread could not be made. No other is requested before the pause is over. */
    void threadFailed(long pauseNanos) {
        lock.lock();
        try {
            threads--;
            threadsBeingMade--;
            pausing = true;
            pausedUntil = clock.nanos() + pauseNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Makes {@link #await} look again. */
    void wake() {
        requested.signalAll();
    }

    void close() {
        closed = true;
        wake();
    }
}
