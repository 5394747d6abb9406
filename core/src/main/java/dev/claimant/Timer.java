package dev.claimant;

import dev.claimant.Execution.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Does what is due: parked claims go on, handlers that have run too long are told to stop. */
final class Timer {

    private final ReentrantLock lock;
    private final Clock clock;
    private final Deadlines deadlines;
    private final Lifecycle lifecycle;
    private final Listeners listeners;

    Timer(ReentrantLock lock, Clock clock, Deadlines deadlines, Lifecycle lifecycle, Listeners listeners) {
        this.lock = lock;
        this.clock = clock;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
        this.listeners = listeners;
    }

    void loop() throws InterruptedException {
        while (deadlines.await()) {
            tick();
        }
    }

    void tick() {
        List<Claim> timedOut = new ArrayList<>();
        lock.lock();
        try {
            for (Execution due = deadlines.pollParked(); due != null; due = deadlines.pollParked()) {
                lifecycle.resume(due);
            }
            for (Execution late = deadlines.pollTimedOut(); late != null; late = deadlines.pollTimedOut()) {
                late.stop(Stop.TIMED_OUT, clock.nanos());
                timedOut.add(late.claim);
            }
        } finally {
            lock.unlock();
        }
        timedOut.forEach(claim -> listeners.tell(listener -> listener.timedOut(claim)));
    }
}
