package dev.claimant.servicebus;

import dev.claimant.Claim;
import dev.claimant.Settlement.Kind;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

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
        PendingVerdicts pending = new PendingVerdicts(claims.size(), watchdog, within);
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
    Mono<Verdict> renew(ServiceBusClaim claim, Duration within) {
        long askedAt = System.nanoTime();
        return claim.renew()
                .timeout(within)
                .then(Mono.fromSupplier(() -> {
                    watchdog.heard();
                    claim.renewed(askedAt + lockLength.toNanos());
                    return Verdict.APPLIED;
                }))
                .onErrorResume(failure -> Mono.just(failed(claim, failure)));
    }

    private Verdict failed(ServiceBusClaim claim, Throwable failure) {
        watchdog.heard(failure);
        if (!ServiceBusErrors.isLost(failure)) {
            return Verdict.UNKNOWN;
        }
        if (claim.sent() != Kind.COMPLETE) {
            claim.lose();
            holding.remove(claim);
        } // else the completion's own answer decides what the claim was
        return Verdict.LOST;
    }
}
