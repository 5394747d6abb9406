package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Execution.StopReason;
import dev.claimant.Worker.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The orderly stop: claim no more, hand back what does not run, let handlers finish for a while, then tell them to stop, and flush the
 * settlements with a budget of their own. Renewal goes on until the end.
 */
final class Drain {

    /** For the events of what was given up when the time was up. */
    private static final long LAST_EVENTS_NANOS = 100_000_000;

    /** How far it is, for the steps of claims. Guarded by the engine's lock. */
    static final class Progress {

        boolean draining;

        /** Until handlers are told to stop: whether what waits runs. */
        boolean runsWhatWaits;

        /** It is over: nothing is held any more, and no result counts. */
        boolean gaveUp;

        /** How many claims it has given back unfinished. */
        int handedBack;
    }

    private final Engine engine;
    private final EngineContext context;
    private final Progress progress;
    private final long patienceNanos;
    private final long flushNanos;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch allTold = new CountDownLatch(1);

    private volatile State state = State.RUNNING;
    private long handlersUntil;
    private long flushUntil;
    private boolean flushing;
    private int abandoned;

    Drain(Engine engine, Progress progress, Settings settings) {
        this.engine = engine;
        this.context = engine.context;
        this.progress = progress;
        this.patienceNanos = settings.drainTimeout.toNanos();
        this.flushNanos = settings.flushTimeout.toNanos();
    }

    State state() {
        return state;
    }

    /** Drains, on the one thread that does. */
    void run() {
        try {
            begin();
            context.lock.lock();
            try {
                for (long wait = step(); wait > 0; wait = step()) {
                    await(wait);
                }
            } finally {
                context.lock.unlock();
            }
        } finally {
            finish();
            stopped.countDown();
            awaitTold();
            allTold.countDown();
        }
    }

    /**
     * Blocks until all is over and told, and leaves the thread interrupted if it was: what is held must be settled all the same, and the
     * time-outs bound that. Called by a listener, only until all is over: the rest is told after it has returned.
     */
    void awaitEnd() {
        CountDownLatch end = context.pendingEvents.isDelivering() ? stopped : allTold;
        boolean interrupted = false;
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private void await(long nanos) {
        try {
            context.progress.awaitNanos(nanos);
        } catch (InterruptedException meantForNobody) {
            // the time-outs bound this
        }
    }

    /** What listeners do not hear in time they hear while the process lives. */
    private void awaitTold() {
        context.lock.lock();
        try {
            long until = Math.max(
                    flushing ? flushUntil : context.clock.nanos() + flushNanos,
                    context.clock.nanos() + LAST_EVENTS_NANOS);
            for (long left = until - context.clock.nanos();
                    left > 0 && !context.pendingEvents.allTold();
                    left = until - context.clock.nanos()) {
                await(left);
            }
        } finally {
            context.lock.unlock();
        }
    }

    /** How many claims were not settled as their handlers' outcomes asked. */
    int handedBack() {
        return context.handInAndAwait(() -> progress.handedBack + abandoned);
    }

    /** Blocks until nothing is claimed and nothing will be, or never would: the end of a Job. False if a drain came first. */
    boolean awaitDone() throws InterruptedException {
        context.lock.lock();
        try {
            while (state == State.RUNNING && !(engine.demand.isClosed() && engine.isIdle())) {
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
            handBack();
            return true;
        });
        if (first) {
            context.source.stopClaiming(Duration.ofNanos(flushNanos));
            context.pendingEvents.deliver();
        }
    }

    /** From now on nothing is claimed, and what does not run goes back. */
    private void handBack() {
        progress.draining = true;
        engine.demand.close();
        engine.settling.gatherNoMore();
        progress.runsWhatWaits = engine.budgets.drainRunsWhatWaits() && !engine.suspects.any();
        for (Execution execution : engine.held.all()) {
            if (!progress.runsWhatWaits || execution.behind || !execution.is(Stage.WAITING)) {
                engine.lifecycle.handBack(execution);
            }
        }
        engine.lifecycle.tellWhoWaits();
    }

    private void enter(State next) {
        state = next;
        context.pendingEvents.add(listener -> listener.stateChanged(next));
    }

    /** Goes on as far as it can, with the lock held; returns how long to wait for more, 0 when the drain is over. */
    long step() {
        if (state == State.STOPPED || engine.isIdle()) {
            return 0;
        }
        long now = context.clock.nanos();
        if (!flushing) {
            long patience = handlersUntil - now;
            if (patience > 0 && !engine.handlersAreDone()) {
                return patience;
            }
            flushing = true;
            flushUntil = now + flushNanos;
            stopHandlers();
        }
        return Math.max(0, flushUntil - now);
    }

    /** The handlers' time is over. With the lock held. */
    void stopHandlers() {
        progress.runsWhatWaits = false;
        for (Execution execution : engine.held.all()) {
            if (execution.is(Stage.RUNNING)) {
                engine.lifecycle.stop(execution, StopReason.DRAINED);
            } else {
                engine.lifecycle.handBack(execution);
            }
        }
    }

    /** The drain is over: claims that are still held are given up, and their messages come back when the locks expire. */
    void finish() {
        context.locked(() -> {
            if (state != State.STOPPED) {
                progress.gaveUp = true;
                List<Execution> left = engine.held.all();
                left.forEach(engine.lifecycle::giveUp);
                abandoned = left.size();
                engine.close();
                enter(State.STOPPED);
            }
        });
        context.pendingEvents.deliver();
    }
}
