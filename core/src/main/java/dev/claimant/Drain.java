package dev.claimant;

import dev.claimant.Worker.State;
import java.util.function.BooleanSupplier;

/**
 * The orderly stop: claim no more, hand back what does not run, let handlers finish for a while, then tell them to stop, and flush the
 * settlements with a budget of their own. Renewal goes on until the end.
 */
final class Drain {

    private final EngineContext context;
    private final ClaimLifecycle lifecycle;
    private final long patienceNanos;
    private final long flushNanos;

    private State state = State.RUNNING;
    private long handlersUntil;
    private long flushUntil;
    private boolean flushing;
    private int abandoned;

    Drain(EngineContext context, ClaimLifecycle lifecycle, Settings settings) {
        this.context = context;
        this.lifecycle = lifecycle;
        this.patienceNanos = settings.drainTimeout.toNanos();
        this.flushNanos = settings.flushTimeout.toNanos();
    }

    State state() {
        return context.locked(() -> state);
    }

    /** Blocks until the worker has stopped; the first caller starts the drain. Answers whether the thread was interrupted meanwhile. */
    boolean run() {
        begin();
        boolean interrupted = false;
        context.lock.lock();
        try {
            for (long wait = step(); wait > 0; wait = step()) {
                try {
                    context.progress.awaitNanos(wait);
                } catch (InterruptedException e) {
                    interrupted = true; // what is held must still be settled; the time-outs bound that
                }
            }
        } finally {
            context.lock.unlock();
        }
        finish();
        return interrupted;
    }

    /** How many claims were not settled as their handlers would have had it. */
    int handedBack() {
        return context.locked(() -> lifecycle.handedBack() + abandoned);
    }

    /** Blocks until nothing is claimed and nothing will be, or never would: the end of a Job. False if a drain came first. */
    boolean awaitDone(Demand demand, BooleanSupplier broken) throws InterruptedException {
        context.lock.lock();
        try {
            while (state == State.RUNNING && !broken.getAsBoolean() && !(demand.isClosed() && lifecycle.isQuiet())) {
                context.progress.await();
            }
            return state == State.RUNNING;
        } finally {
            context.lock.unlock();
        }
    }

    void begin() {
        boolean first = context.locked(() -> {
            if (state != State.RUNNING) {
                return false;
            }
            enter(State.DRAINING);
            handlersUntil = context.clock.nanos() + patienceNanos;
            lifecycle.beginDrain();
            return true;
        });
        if (first) {
            context.source.stopClaiming();
            context.pendingEvents.deliver();
        }
    }

    private void enter(State next) {
        state = next;
        context.pendingEvents.add(listener -> listener.stateChanged(next));
    }

    /** Goes on as far as it can, with the lock held; answers how long to wait for more, 0 when the drain is over. */
    long step() {
        if (state == State.STOPPED || lifecycle.isQuiet()) {
            return 0;
        }
        long now = context.clock.nanos();
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
        context.locked(() -> {
            if (state != State.STOPPED) {
                abandoned = lifecycle.abandon();
                enter(State.STOPPED);
            }
        });
        context.pendingEvents.deliver();
    }
}
