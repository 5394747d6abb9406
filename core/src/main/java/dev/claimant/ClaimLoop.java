package dev.claimant;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Claims as much as there is demand for. Any number of threads may loop here at once. */
final class ClaimLoop {

    private final ReentrantLock lock;
    private final Demand demand;
    private final Lifecycle lifecycle;
    private final Seam seam;
    private final Listeners listeners;
    private final Announcements announcements;

    ClaimLoop(
            ReentrantLock lock,
            Demand demand,
            Lifecycle lifecycle,
            Seam seam,
            Listeners listeners,
            Announcements announcements) {
        this.lock = lock;
        this.demand = demand;
        this.lifecycle = lifecycle;
        this.seam = seam;
        this.listeners = listeners;
        this.announcements = announcements;
    }

    void loop() throws InterruptedException {
        for (int wanted = demand.await(); wanted > 0; wanted = demand.await()) {
            claim(wanted);
        }
    }

    /** One call to the source, for a demand that {@link Demand} has granted. */
    void claim(int wanted) throws InterruptedException {
        long begunAt = begin();
        List<Claim> claims = null;
        try {
            claims = seam.claim(wanted, demand.longestWait());
        } finally {
            if (claims == null) {
                failed(wanted, begunAt);
            }
        }
        if (claims != null) {
            accept(wanted, begunAt, claims);
        }
    }

    private long begin() {
        lock.lock();
        try {
            return lifecycle.claimBegins();
        } finally {
            lock.unlock();
        }
    }

    private void failed(int wanted, long begunAt) {
        lock.lock();
        try {
            demand.failed(wanted);
            lifecycle.claimEnds(begunAt);
        } finally {
            lock.unlock();
        }
    }

    private boolean brings(int claims) {
        lock.lock();
        try {
            return demand.brings(claims);
        } finally {
            lock.unlock();
        }
    }

    private void accept(int wanted, long begunAt, List<Claim> claims) {
        if (brings(claims.size())) {
            seam.stopClaiming(); // before the first of them settles: a push source would hand out one more
        }
        for (Claim claim : claims) {
            listeners.tell(listener -> listener.claimed(claim));
        }
        lock.lock();
        try {
            for (Claim claim : claims) {
                lifecycle.hold(new Execution(claim), begunAt);
            }
            demand.returned(wanted);
            lifecycle.claimEnds(begunAt);
        } finally {
            lock.unlock();
        }
        announcements.deliver();
    }
}
