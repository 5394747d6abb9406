package dev.claimant;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs handlers, one after the other on each thread that loops here. */
final class Runner {

    private final EngineContext context;
    private final Slots slots;
    private final Deadlines deadlines;
    private final HandlerTimes times;
    private final ClaimLifecycle lifecycle;
    private final LockKeeper lockKeeper;
    private final Handler handler;

    Runner(
            EngineContext context,
            Slots slots,
            Deadlines deadlines,
            HandlerTimes times,
            ClaimLifecycle lifecycle,
            LockKeeper lockKeeper,
            Handler handler) {
        this.context = context;
        this.slots = slots;
        this.deadlines = deadlines;
        this.times = times;
        this.lifecycle = lifecycle;
        this.lockKeeper = lockKeeper;
        this.handler = handler;
    }

    void loop() {
        Thread thread = Thread.currentThread();
        for (Execution next = slots.take(thread); next != null; next = slots.take(thread)) {
            run(next);
        }
    }

    /** Runs the handler of a claim that {@link Slots} has put into a slot. */
    void run(Execution execution) {
        if (!mayBegin(execution)) {
            return;
        }
        Claim claim = execution.claim;
        watch(execution);
        context.listeners.tell(listener -> listener.started(claim));
        Throwable failure = null;
        try {
            handler.handle(claim);
        } catch (Throwable thrown) { // whatever it is, it is this message's failure and not the worker's
            failure = thrown;
        }
        returned(execution, failure);
    }

    /**
     * Whether its lock holds for as long as a renewal may take. After a pause of the process it may not, and another worker may have the
     * message: the source is asked first, and without its word the message goes back.
     */
    boolean mayBegin(Execution execution) {
        if (lockKeeper.holdsLongEnough(execution.claim)) {
            return true;
        }
        lockKeeper.renew(List.of(execution));
        boolean renewed = lockKeeper.holdsLongEnough(execution.claim) && !execution.claim.lockLost();
        if (!renewed) {
            context.locked(() -> {
                lifecycle.notBegun(execution);
                Thread.interrupted(); // the loss of the lock interrupts whoever runs the message
            });
            context.pendingEvents.deliver();
        }
        return renewed;
    }

    private void watch(Execution execution) {
        if (deadlines.limitHandlers()) {
            context.locked(() -> deadlines.started(execution));
        }
    }

    /** The handler has returned, or thrown. */
    void returned(Execution execution, @Nullable Throwable thrown) {
        Claim claim = execution.claim;
        Throwable failure = thrown == null || thrown instanceof AlreadyDone ? null : StackText.readable(thrown);
        if (thrown instanceof AlreadyDone && !claim.stopAsked()) {
            context.listeners.tell(listener -> listener.duplicate(claim));
        }
        Duration took = Duration.ofNanos(context.clock.nanos() - execution.startedAt);
        context.listeners.tell(listener -> listener.finished(claim, took, failure));
        boolean parked = context.locked(() -> {
            times.record(took.toNanos());
            lifecycle.returned(execution, failure);
            Thread.interrupted(); // an interrupt meant for this claim must not reach the next
            return execution.is(Execution.Stage.PARKED);
        });
        if (parked) {
            context.pendingEvents.deliver();
        }
    }
}
