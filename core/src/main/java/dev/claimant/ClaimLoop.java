package dev.claimant;

import java.util.List;

/** Claims as much as there is demand for. Any number of threads may loop here at once. */
final class ClaimLoop {

    private final EngineContext context;
    private final Demand demand;
    private final ClaimLifecycle lifecycle;

    ClaimLoop(EngineContext context, Demand demand, ClaimLifecycle lifecycle) {
        this.context = context;
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
        long begunAt = context.locked(lifecycle::claimBegins);
        List<Claim> claims = null;
        try {
            claims = context.source.claim(wanted, demand.longestWait());
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
        context.locked(() -> {
            demand.failed(wanted);
            lifecycle.claimEnds(begunAt);
        });
    }

    private void accept(int wanted, long begunAt, List<Claim> claims) {
        if (context.locked(() -> demand.recordClaimed(claims.size()))) {
            context.source.stopClaiming(); // before the first of them settles: a push source would hand out one more
        }
        for (Claim claim : claims) {
            context.listeners.tell(listener -> listener.claimed(claim));
        }
        context.locked(() -> {
            for (Claim claim : claims) {
                lifecycle.hold(new Execution(claim), begunAt);
            }
            demand.returned(wanted);
            lifecycle.claimEnds(begunAt);
        });
        context.pendingEvents.deliver();
    }
}
