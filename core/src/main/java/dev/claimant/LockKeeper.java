package dev.claimant;

import dev.claimant.spi.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps the locks of all held claims, and tells those whose lock is gone to stop. */
final class LockKeeper {

    private final ReentrantLock lock;
    private final Clock clock;
    private final Held held;
    private final Lifecycle lifecycle;
    private final Seam seam;
    private final Announcements announcements;
    private final Listeners listeners;
    private final Duration callBound;

    LockKeeper(
            ReentrantLock lock,
            Clock clock,
            Held held,
            Lifecycle lifecycle,
            Seam seam,
            Announcements announcements,
            Listeners listeners,
            Duration callBound) {
        this.lock = lock;
        this.clock = clock;
        this.held = held;
        this.lifecycle = lifecycle;
        this.seam = seam;
        this.announcements = announcements;
        this.listeners = listeners;
        this.callBound = callBound;
    }

    void loop() throws InterruptedException {
        for (List<Execution> batch = held.await(); !batch.isEmpty(); batch = held.await()) {
            renew(batch);
        }
    }

    /** Renews all of them in one call. */
    void renew(List<Execution> batch) {
        long askedAt = clock.nanos();
        List<Claim> claims = new ArrayList<>(batch.size());
        batch.forEach(execution -> claims.add(execution.claim));
        List<Verdict> verdicts = seam.renew(claims, callBound);
        Duration took = Duration.ofNanos(clock.nanos() - askedAt);
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                answered(batch.get(i), verdicts.get(i), askedAt);
            }
        } finally {
            lock.unlock();
        }
        listeners.tell(listener -> listener.renewed(
                count(verdicts, Verdict.APPLIED),
                count(verdicts, Verdict.LOST),
                count(verdicts, Verdict.UNKNOWN),
                took));
        announcements.deliver();
    }

    private void answered(Execution execution, Verdict verdict, long askedAt) {
        if (execution.is(Execution.Stage.OVER) || execution.endIsOnItsWay()) {
            return; // its own end says what became of it
        }
        if (verdict == Verdict.APPLIED) {
            held.renewed(execution, askedAt);
        } else if (verdict == Verdict.LOST || held.ranOut(execution)) {
            lifecycle.lose(execution);
        } else {
            held.hurry();
        }
    }

    /** The source says so of its own accord. */
    void lost(List<Claim> claims) {
        lock.lock();
        try {
            for (Claim claim : claims) {
                if (claim.execution == null) {
                    claim.loseLock(); // on its way from the source to us
                } else {
                    lifecycle.lose(claim.execution);
                }
            }
        } finally {
            lock.unlock();
        }
        announcements.deliver();
    }

    private static int count(List<Verdict> verdicts, Verdict counted) {
        int count = 0;
        for (Verdict verdict : verdicts) {
            count += verdict == counted ? 1 : 0;
        }
        return count;
    }
}
