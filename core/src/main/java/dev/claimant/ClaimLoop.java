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

    ClaimLoop(ReentrantLock lock, Demand demand, Lifecycle lifecycle, Seam seam, Listeners listeners) {
        this.lock = lock;
        this.demand = demand;
        this.lifecycle = lifecycle;
        this.seam = seam;
        this.listeners = listeners;
    }

    void loop() throws InterruptedException {
        for (int wanted = demand.await(); wanted > 0; wanted = demand.await()) {
            claim(wanted);
        }
    }

    /** One call to the source, for a demand that {@link Demand} has granted. */
    void claim(int wanted) throws InterruptedException {
        List<Claim> claims = null;
        try {
            claims = seam.claim(wanted, demand.longestWait());
        } finally {
            if (claims == null) {
                failed(wanted);
            }
        }
        if (claims != null) {
            accept(wanted, claims);
        }
    }

    private void failed(int wanted) {
        lock.lock();
        try {
            demand.failed(wanted);
            lifecycle.somethingChanged();
        } finally {
            lock.unlock();
        }
    }

    private void accept(int wanted, List<Claim> claims) {
        if (demand.wouldBeTheLast(claims.size())) {
            seam.stopClaiming(); // before the first of them settles: a push source would hand out one more
        }
        for (Claim claim : claims) {
            listeners.tell(listener -> listener.claimed(claim));
        }
        lock.lock();
        try {
            for (Claim claim : claims) {
                lifecycle.hold(new Execution(claim));
            }
            demand.returned(wanted, claims.size());
            lifecycle.somethingChanged();
        } finally {
            lock.unlock();
        }
    }
}
