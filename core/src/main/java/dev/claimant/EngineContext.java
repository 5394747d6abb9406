package dev.claimant;

import dev.claimant.spi.Source;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the parts of one engine have in common: its lock, its clock, and its ways to the source and to the listeners. */
final class EngineContext {

    /** How many steps that were handed in one thread takes before it lets others have the lock. */
    private static final int MOST_IN_A_TURN = 64;

    final ReentrantLock lock = new ReentrantLock();

    /** Signalled whenever a claim ends, a handler returns or a claim call comes back. */
    final Condition progress = lock.newCondition();

    final Clock clock;
    final GuardedSource source;
    final PendingEvents pendingEvents;

    private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();

    /** The engine's thread that takes the steps which nobody else takes; absent before the start and after the end. */
    private volatile @Nullable Thread stepTaker;

    /** The thread that holds the lock takes what is handed in before it gives the lock away; one that may wait on a condition does not. */
    private volatile boolean holderTakes;

    /** What a step has thrown that was handed in. */
    private volatile @Nullable Throwable defect;

    EngineContext(Clock clock, Source source, List<WorkerListener> listeners) {
        this.clock = clock;
        this.pendingEvents = new PendingEvents(this, listeners);
        this.source = new GuardedSource(source, pendingEvents);
    }

    /**
     * Takes the lock, for the engine's own threads. Most turns are shorter than it takes to sleep and be woken, so it is tried a few times before the
     * thread queues.
     */
    @SuppressWarnings(
            "ThreadPriorityCheck") // yields as a hint alone: the thread that holds the lock may wait for this processor
    private void acquire() {
        for (int looks = 0; looks < SlotThread.LOOKS; looks++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.yield();
        }
        lock.lock();
    }

    /** Takes one step under the lock. For the engine's own threads: it queues for the lock. */
    void locked(Runnable step) {
        acquire();
        begin();
        try {
            step.run();
        } finally {
            end();
        }
    }

    /** Takes one step under the lock and returns its result. For the engine's own threads: it queues for the lock. */
    <T> T locked(Supplier<T> step) {
        acquire();
        begin();
        try {
            return step.get();
        } finally {
            end();
        }
    }

    private void begin() {
        if (lock.getHoldCount() == 1) {
            holderTakes = true;
        }
    }

    private void end() {
        boolean more = false;
        try {
            if (lock.getHoldCount() == 1) {
                takeSome();
                holderTakes = false;
                more = !takeSome(); // a thread that saw it true has handed in before
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            wakeStepTaker();
        }
    }

    /** Returns whether nothing is left. */
    private boolean takeSome() {
        for (int i = 0; i < MOST_IN_A_TURN; i++) {
            Runnable step = handedIn.poll();
            if (step == null) {
                return true;
            }
            take(step);
        }
        return false;
    }

    /** What a step throws is no failure of the thread that happens to take it: the thread that is there for steps dies of it. */
    private void take(Runnable step) {
        try {
            step.run();
        } catch (Throwable thrown) {
            if (stepTaker == null) {
                throw thrown;
            }
            defect = thrown;
            wakeStepTaker();
        }
    }

    /** Throws what a step has thrown that was handed in. */
    void throwDefect() {
        Throwable thrown = defect;
        if (thrown != null) {
            throw new IllegalStateException("a step of the engine failed", thrown);
        }
    }

    /**
     * The same for threads of the application: never queues for the lock. A virtual thread at the head of its queue may wait for a processor
     * for as long as handlers compute, and everybody behind it would wait with it. If the lock is not free, the thread that holds it takes
     * the step before it gives the lock away, and this may return before that.
     */
    void handIn(Runnable step) {
        if (tryLocked(step)) {
            return;
        }
        handedIn.add(step);
        if (holderTakes) {
            return;
        }
        Thread taker = stepTaker;
        if (taker != null) {
            LockSupport.unpark(taker);
        } else {
            locked(this::takeHandedIn);
        }
    }

    /** Hands in a step and waits for its result. */
    <T> T handInAndAwait(Supplier<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        handIn(() -> {
            try {
                result.complete(step.get());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
                throw thrown;
            }
        });
        return result.join();
    }

    private boolean tryLocked(Runnable step) {
        if (!lock.tryLock()) {
            return false;
        }
        begin();
        try {
            step.run();
        } finally {
            end();
        }
        return true;
    }

    private void takeHandedIn() {
        for (Runnable step = handedIn.poll(); step != null; step = handedIn.poll()) {
            take(step);
        }
    }

    boolean hasHandedIn() {
        return !handedIn.isEmpty();
    }

    /** From now on the calling thread takes what is handed in, until {@link #takeNoMoreSteps}. */
    void takeSteps() {
        stepTaker = Thread.currentThread();
    }

    void takeNoMoreSteps() {
        stepTaker = null;
        locked(this::takeHandedIn);
    }

    /** Lets the thread that takes steps look again at what is due. */
    void wakeStepTaker() {
        LockSupport.unpark(stepTaker); // does nothing without one
    }
}
