package dev.claimant.servicebus;

import dev.claimant.Claim;
import dev.claimant.Settlement.Kind;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Extends locks, each by a request of its own, as many at once as there are. The service says whether a lock is still ours. */
final class Renewing {

    static final String RENEW = "renewing a lock";

    private final ServiceBusConfig config;
    private final Holding holding;
    private final Watchdog watchdog;
    private final Duration lockLength;

    Renewing(ServiceBusConfig config, Holding holding, Watchdog watchdog, Duration lockLength) {
        this.config = config;
        this.holding = holding;
        this.watchdog = watchdog;
        this.lockLength = lockLength;
    }

    List<Verdict> renew(List<Claim> claims, Duration atMost) {
        Duration within = config.bounded(atMost);
        PendingVerdicts pending = new PendingVerdicts(watchdog, within);
        for (Claim claim : claims) {
            ServiceBusClaim ours = (ServiceBusClaim) claim;
            if (holding.holds(ours)) {
                pending.add(renew(ours, within));
            } else {
                pending.add(Verdict.LOST);
            }
        }
        return pending.await(RENEW, config.entity);
    }

    /** Asks with a bound of its own: the SDK waits for ever. */
    CompletableFuture<Verdict> renew(ServiceBusClaim claim, Duration within) {
        long askedAt = System.nanoTime();
        return claim.renew().timeout(within).toFuture().handle((until, failure) -> {
            if (failure == null) {
                watchdog.heard();
                claim.renewed(askedAt + lockLength.toNanos());
                return Verdict.APPLIED;
            }
            watchdog.heard(failure);
            if (!ServiceBusErrors.isLost(failure)) {
                return Verdict.UNKNOWN;
            }
            if (claim.sent() != Kind.COMPLETE) {
                claim.lose();
                holding.remove(claim);
            } // else the completion's own answer decides what the claim was
            return Verdict.LOST;
        });
    }
}
