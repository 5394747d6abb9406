package dev.claimant;

import dev.claimant.Worker.State;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The orderly stop: claim no more, hand back what does not run, let handlers finish for a while, then tell them to stop, and flush the
 * settlements with a budget of their own. Renewal goes on until the end.
 */
final class Drain {

    private final ReentrantLock lock;
    private final Clock clock;
    private final Condition progress;
    private final Lifecycle lifecycle;
    private final Seam seam;
    private final Announcements announcements;
    private final long patienceNanos;
    private final long flushNanos;

    private State state = State.RUNNING;
    private long handlersUntil;
    private long flushUntil;
    private boolean flushing;
    private int abandoned;

    Drain(
            ReentrantLock lock,
            Clock clock,
            Condition progress,
            Lifecycle lifecycle,
            Seam seam,
            Announcements announcements,
            Settings settings) {
        this.lock = lock;
        this.clock = clock;
        this.progress = progress;
        this.lifecycle = lifecycle;
        this.seam = seam;
        this.announcements = announcements;
        this.patienceNanos = settings.drainTimeout.toNanos();
        this.flushNanos = settings.flushTimeout.toNanos();
    }

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until the worker has stopped; the first caller starts the drain. Answers whether the thread was interrupted meanwhile. */
    boolean run() {
        begin();
        boolean interrupted = false;
        lock.lock();
        try {
            for (long wait = step(); wait > 0; wait = step()) {
                try {
                    progress.awaitNanos(wait);
                } catch (InterruptedException e) {
                    interrupted = true; // what is held must still be settled; the time-outs bound that
                }
            }
        } finally {
            lock.unlock();
        }
        finish();
        return interrupted;
    }

    /** How many claims were not settled as their handlers would have had it. */
    int handedBack() {
        lock.lock();
        try {
            return lifecycle.handedBack() + abandoned;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until nothing is claimed and nothing will be: the end of a Job. False if a drain came first. */
    boolean awaitDone(Demand demand) throws InterruptedException {
        lock.lock();
        try {
            while (state == State.RUNNING && !(demand.isClosed() && lifecycle.isQuiet())) {
                progress.await();
            }
            return state == State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    void begin() {
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return;
            }
            state = State.DRAINING;
            handlersUntil = clock.nanos() + patienceNanos;
            lifecycle.beginDrain();
            announcements.add(listener -> listener.stateChanged(State.DRAINING));
        } finally {
            lock.unlock();
        }
        seam.stopClaiming();
        announcements.deliver();
    }

    /** Goes on as far as it can, with the lock held; answers how long to wait for more, 0 when the drain is over. */
    long step() {
        if (state == State.STOPPED || lifecycle.isQuiet()) {
            return 0;
        }
        long now = clock.nanos();
        if (!flushing) {
            long patience = handlersUntil - now;
            if (patience > 0 && !lifecycle.handlersAreDone()) {
                return patience;
            }
            flushing = true;
            flushUntil = now + flushNanos;
            lifecycle.stopHandlers();
        }
        return Math.max(0, flushUntil - now);
    }

    /** The drain is over: what is still held is given up, and comes back when its lock expires. */
    void finish() {
        lock.lock();
        try {
            if (state == State.STOPPED) {
                return;
            }
            state = State.STOPPED;
            abandoned = lifecycle.abandon();
            announcements.add(listener -> listener.stateChanged(State.STOPPED));
        } finally {
            lock.unlock();
        }
        announcements.deliver();
    }
}
