package dev.claimant;

import java.util.List;

/** Claims as much as there is demand for. Any number of threads may loop here at once. */
final class ClaimLoop {

    private final Shared shared;
    private final Demand demand;
    private final Lifecycle lifecycle;

    ClaimLoop(Shared shared, Demand demand, Lifecycle lifecycle) {
        this.shared = shared;
        this.demand = demand;
        this.lifecycle = lifecycle;
    }

    void loop() throws InterruptedException {
        for (int wanted = demand.await(); wanted > 0; wanted = demand.await()) {
            claim(wanted);
        }
    }

    /** One call to the source, for a demand that {@link Demand} has granted. */
    void claim(int wanted) throws InterruptedException {
        long begunAt = shared.locked(lifecycle::claimBegins);
        List<Claim> claims = null;
        try {
            claims = shared.seam.claim(wanted, demand.longestWait());
        } finally {
            if (claims == null) {
                failed(wanted, begunAt);
            }
        }
        if (claims != null) {
            accept(wanted, begunAt, claims);
        }
    }

    private void failed(int wanted, long begunAt) {
        shared.locked(() -> {
            demand.failed(wanted);
            lifecycle.claimEnds(begunAt);
        });
    }

    private void accept(int wanted, long begunAt, List<Claim> claims) {
        if (shared.locked(() -> demand.brings(claims.size()))) {
            shared.seam.stopClaiming(); // before the first of them settles: a push source would hand out one more
        }
        for (Claim claim : claims) {
            shared.listeners.tell(listener -> listener.claimed(claim));
        }
        shared.locked(() -> {
            for (Claim claim : claims) {
                lifecycle.hold(new Execution(claim), begunAt);
            }
            demand.returned(wanted);
            lifecycle.claimEnds(begunAt);
        });
        shared.announcements.deliver();
    }
}
