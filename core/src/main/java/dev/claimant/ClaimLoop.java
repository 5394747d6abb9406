package dev.claimant;

import java.time.Duration;
import java.util.List;

/** Claims as much as there is demand for. Any number of threads may loop here at once. */
final class ClaimLoop implements Threads.Loop {

    private final EngineContext context;
    private final Demand demand;
    private final WaitingClaims waiting;
    private final Duration stopBound;

    ClaimLoop(EngineContext context, Demand demand, WaitingClaims waiting, Duration stopBound) {
        this.context = context;
        this.demand = demand;
        this.waiting = waiting;
        this.stopBound = stopBound;
    }

    @Override
    public void loop() throws InterruptedException {
        for (int wanted = demand.await(); wanted > 0; wanted = demand.await()) {
            claim(wanted);
            context.pendingEvents.awaitRoom();
        }
    }

    /** One call to the source, for a demand that {@link Demand} has granted. */
    void claim(int wanted) {
        long begunAt = context.locked(waiting::claimBegins);
        Duration wait = demand.longestWait();
        long askedAt = context.clock.nanos();
        List<Claim> claims = context.source.claim(wanted, wait);
        if (claims == null) {
            failed(wanted, begunAt);
        } else {
            boolean early = claims.isEmpty() && context.clock.nanos() - askedAt < wait.toNanos() / 2;
            accept(wanted, begunAt, claims, early);
        }
    }

    private void failed(int wanted, long begunAt) {
        context.locked(() -> {
            demand.failed(wanted);
            waiting.claimEnds(begunAt);
        });
    }

    private void accept(int wanted, long begunAt, List<Claim> claims, boolean early) {
        if (context.locked(() -> demand.recordClaimed(claims.size()))) {
            context.source.stopClaiming(
                    stopBound); // before the first of them settles: a push source would hand out one more
        }
        context.locked(() -> {
            for (Claim claim : claims) {
                if (claim.execution == null) {
                    waiting.hold(new Execution(claim), begunAt);
                } else {
                    context.source.returnedAgain(claim);
                }
            }
            demand.returned(wanted, claims.size() >= wanted, early);
            waiting.claimEnds(begunAt);
        });
        context.pendingEvents.deliver();
    }
}
