package dev.claimant;

import dev.claimant.Execution.Stop;
import java.util.concurrent.locks.ReentrantLock;

/** Does what is due: parked claims go on, handlers that have run too long are told to stop. */
final class Timer {

    private final ReentrantLock lock;
    private final Clock clock;
    private final Deadlines deadlines;
    private final Lifecycle lifecycle;
    private final Announcements announcements;

    Timer(ReentrantLock lock, Clock clock, Deadlines deadlines, Lifecycle lifecycle, Announcements announcements) {
        this.lock = lock;
        this.clock = clock;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
        this.announcements = announcements;
    }

    void loop() throws InterruptedException {
        while (deadlines.await()) {
            tick();
        }
    }

    void tick() {
        lock.lock();
        try {
            for (Execution due = deadlines.pollParked(); due != null; due = deadlines.pollParked()) {
                lifecycle.resume(due);
            }
            for (Execution late = deadlines.pollTimedOut(); late != null; late = deadlines.pollTimedOut()) {
                late.stop(Stop.TIMED_OUT, clock.nanos());
                Claim claim = late.claim;
                announcements.add(listener -> listener.timedOut(claim));
            }
        } finally {
            lock.unlock();
        }
        announcements.deliver();
    }
}
