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

    /** How often a thread that must not queue for the lock looks whether it is free, before it leaves its step to another thread. */
    private static final int LOOKS = 100;

    final ReentrantLock lock = new ReentrantLock();

    /** Signalled whenever a claim ends, a handler returns or a claim call comes back. */
    final Condition progress = lock.newCondition();

    final Clock clock;
    final GuardedSource source;
    final PendingEvents pendingEvents;

    private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();

    /** The engine's thread that takes the steps that were handed in; absent before the start and after the end. */
    private volatile @Nullable Thread stepTaker;

    EngineContext(Clock clock, Source source, List<WorkerListener> listeners) {
        this.clock = clock;
        this.pendingEvents = new PendingEvents(this, listeners);
        this.source = new GuardedSource(source, pendingEvents);
    }

    /** Takes one step under the lock. For the engine's own threads: it queues for the lock. */
    void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    /** Takes one step under the lock and returns its result. For the engine's own threads: it queues for the lock. */
    <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same for threads of the application: never queues for the lock. A virtual thread at the head of its queue may wait for a processor
     * for as long as handlers compute, and everybody behind it would wait with it. If the lock is not free within a moment, one of the
     * engine's threads takes the step, and this returns before that.
     */
    void handIn(Runnable step) {
        if (tryLocked(step)) {
            return;
        }
        handedIn.add(step);
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
            } catch (Throwable defect) {
                result.completeExceptionally(defect);
                throw defect;
            }
        });
        return result.join();
    }

    private boolean tryLocked(Runnable step) {
        for (int i = 0; i < LOOKS; i++) {
            if (lock.tryLock()) {
                try {
                    step.run();
                    return true;
                } finally {
                    lock.unlock();
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** With the lock held. */
    void takeHandedIn() {
        for (Runnable step = handedIn.poll(); step != null; step = handedIn.poll()) {
            step.run();
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
