package dev.claimant;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs handlers, one after the other on each thread that loops here. */
final class Runner {

    private final ReentrantLock lock;
    private final Clock clock;
    private final Slots slots;
    private final Deadlines deadlines;
    private final HandlerTimes times;
    private final Lifecycle lifecycle;
    private final Handler handler;
    private final Listeners listeners;
    private final Announcements announcements;

    Runner(
            ReentrantLock lock,
            Clock clock,
            Slots slots,
            Deadlines deadlines,
            HandlerTimes times,
            Lifecycle lifecycle,
            Handler handler,
            Listeners listeners,
            Announcements announcements) {
        this.lock = lock;
        this.clock = clock;
        this.slots = slots;
        this.deadlines = deadlines;
        this.times = times;
        this.lifecycle = lifecycle;
        this.handler = handler;
        this.listeners = listeners;
        this.announcements = announcements;
    }

    void loop() throws InterruptedException {
        Thread thread = Thread.currentThread();
        for (Execution next = slots.take(thread, clock); next != null; next = slots.take(thread, clock)) {
            run(next);
        }
    }

    /** Runs the handler of a claim that {@link Slots} has put into a slot. */
    void run(Execution execution) {
        Claim claim = execution.claim;
        watch(execution);
        listeners.tell(listener -> listener.started(claim));
        Throwable failure = null;
        try {
            handler.handle(claim);
        } catch (Throwable thrown) { // whatever it is, it is this message's failure and not the worker's
            failure = thrown;
        }
        returned(execution, failure);
    }

    private void watch(Execution execution) {
        if (deadlines.limitHandlers()) {
            lock.lock();
            try {
                deadlines.started(execution);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The handler has returned, or thrown. */
    void returned(Execution execution, @Nullable Throwable failure) {
        Claim claim = execution.claim;
        Duration took = Duration.ofNanos(clock.nanos() - execution.startedAt);
        listeners.tell(listener -> listener.finished(claim, took, failure));
        Ending ending;
        lock.lock();
        try {
            times.record(took.toNanos());
            ending = lifecycle.returned(execution, failure);
            Thread.interrupted(); // an interrupt meant for this claim must not reach the next
        } finally {
            lock.unlock();
        }
        if (ending instanceof Ending.Park) {
            announcements.deliver();
        }
    }
}
