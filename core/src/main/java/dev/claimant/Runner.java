package dev.claimant;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs handlers, one after the other on each thread that loops here. */
final class Runner {

    private final EngineContext context;
    private final Slots slots;
    private final HandlerTimes times;
    private final WaitingClaims waiting;
    private final ClaimLifecycle lifecycle;
    private final LockKeeper lockKeeper;
    private final Handler handler;

    Runner(
            EngineContext context,
            Slots slots,
            HandlerTimes times,
            WaitingClaims waiting,
            ClaimLifecycle lifecycle,
            LockKeeper lockKeeper,
            Handler handler) {
        this.context = context;
        this.slots = slots;
        this.times = times;
        this.waiting = waiting;
        this.lifecycle = lifecycle;
        this.lockKeeper = lockKeeper;
        this.handler = handler;
    }

    void loop(SlotThread thread) {
        thread.begin();
        handIn(thread, () -> {
            slots.joined(thread);
            waiting.serve(thread);
        });
        Runnable ask = () -> handIn(thread, () -> waiting.serve(thread));
        for (Execution next = thread.await(ask); next != null; next = thread.await(ask)) {
            Execution execution = next;
            Runnable returned = mayBegin(execution) ? returned(execution, thread.run(execution, handler)) : () -> {};
            handIn(thread, () -> {
                returned.run();
                waiting.serve(thread);
            });
        }
    }

    /**
     * Whether its lock holds for as long as a renewal may take. After a pause of the process it may not, and another worker may have the
     * message: the source is asked first, and unless it confirms, the message goes back.
     */
    boolean mayBegin(Execution execution) {
        if (execution.begun) {
            return true;
        }
        Runnable answered = lockKeeper.ask(List.of(execution));
        boolean begun = context.handInAndAwait(() -> {
            answered.run();
            return lifecycle.beginAfterRenewal(execution);
        });
        context.pendingEvents.deliver();
        return begun;
    }

    private void handIn(SlotThread asking, Runnable step) {
        asking.asks();
        context.handIn(step);
        context.pendingEvents.deliver();
    }

    /** The handler has returned, or thrown: returns the step that records it, to be taken under the lock. */
    Runnable returned(Execution execution, @Nullable Throwable thrown) {
        Claim claim = execution.claim;
        Throwable said = thrown == null ? null : Handler.unwrapped(thrown);
        boolean duplicate = RunResult.of(claim, said) == RunResult.DUPLICATE;
        Throwable failure = said instanceof AlreadyDone ? null : said;
        Duration took = Duration.ofNanos(context.clock.nanos() - execution.startedAt);
        return () -> {
            times.record(took.toNanos());
            if (duplicate) {
                context.pendingEvents.add(listener -> listener.duplicate(claim));
            }
            context.pendingEvents.add(listener -> listener.finished(claim, took, failure));
            lifecycle.returned(execution, failure);
        };
    }
}
