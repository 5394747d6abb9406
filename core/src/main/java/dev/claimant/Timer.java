package dev.claimant;

/** Does what is due: parked claims go on, handlers that have run too long are told to stop. */
final class Timer {

    private final EngineContext context;
    private final Deadlines deadlines;
    private final ClaimLifecycle lifecycle;

    Timer(EngineContext context, Deadlines deadlines, ClaimLifecycle lifecycle) {
        this.context = context;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
    }

    void loop() throws InterruptedException {
        while (deadlines.await()) {
            tick();
        }
    }

    void tick() {
        context.locked(() -> {
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
