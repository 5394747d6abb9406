package dev.claimant;

import java.util.concurrent.locks.LockSupport;

/**
 * Does what is due: parked claims go on, handlers that have run too long are told to stop. Its thread also takes the steps that threads of
 * slots have handed in because the lock was taken.
 */
final class Timer implements Threads.Loop {

    private final EngineContext context;
    private final Deadlines deadlines;
    private final ClaimLifecycle lifecycle;

    Timer(EngineContext context, Deadlines deadlines, ClaimLifecycle lifecycle) {
        this.context = context;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
    }

    @Override
    public void loop() {
        context.takeSteps();
        try {
            while (!deadlines.isClosed()) {
                tick();
                long quiet = context.locked(deadlines::quietNanos);
                boolean wanted = context.hasHandedIn() || deadlines.isClosed();
                if (!wanted) { // looked at after the lock, whose queue may have used up the wake-up
                    LockSupport.parkNanos(this, quiet);
                    Thread.interrupted(); // meant for nobody
                }
            }
        } finally {
            context.takeNoMoreSteps();
        }
    }

    void tick() {
        context.throwDefect();
        context.locked(
                () -> { // which takes what is handed in, too
                    for (Execution due = deadlines.pollParked(); due != null; due = deadlines.pollParked()) {
                        lifecycle.resume(due);
                    }
                    for (Execution late = deadlines.pollTimedOut(); late != null; late = deadlines.pollTimedOut()) {
                        lifecycle.timeOut(late);
                    }
                });
        context.pendingEvents.deliver();
    }
}
