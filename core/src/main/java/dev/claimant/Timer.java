package dev.claimant;

/** Does what is due: parked claims go on, handlers that have run too long are told to stop. */
final class Timer {

    private final Shared shared;
    private final Deadlines deadlines;
    private final Lifecycle lifecycle;

    Timer(Shared shared, Deadlines deadlines, Lifecycle lifecycle) {
        this.shared = shared;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
    }

    void loop() throws InterruptedException {
        while (deadlines.await()) {
            tick();
        }
    }

    void tick() {
        shared.locked(() -> {
            for (Execution due = deadlines.pollParked(); due != null; due = deadlines.pollParked()) {
                lifecycle.resume(due);
            }
            for (Execution late = deadlines.pollTimedOut(); late != null; late = deadlines.pollTimedOut()) {
                lifecycle.timeOut(late);
            }
        });
        shared.announcements.deliver();
    }
}
