package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Ends claims, many at once. */
final class Settling {

    private static final int LONGEST_REASON = 4096;

    private final ServiceBusConfig config;
    private final Holding holding;
    private final Renewing renewing;
    private final Connections connections;
    private final Watchdog watchdog;
    private final @Nullable Publisher publisher;

    /** @param publisher absent where the worker holds what has to wait */
    Settling(
            ServiceBusConfig config,
            Holding holding,
            Renewing renewing,
            Connections connections,
            Watchdog watchdog,
            @Nullable Publisher publisher) {
        this.config = config;
        this.holding = holding;
        this.renewing = renewing;
        this.connections = connections;
        this.watchdog = watchdog;
        this.publisher = publisher;
    }

    List<Verdict> settle(List<Settlement> settlements, Duration atMost) {
        Duration within = config.bounded(atMost);
        PendingVerdicts pending = new PendingVerdicts(settlements.size(), watchdog, within);
        Set<ServiceBusClaim> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Settlement settlement : settlements) {
            ServiceBusClaim claim = (ServiceBusClaim) settlement.claim();
            Verdict known = seen.add(claim) ? known(settlement, claim) : Verdict.LOST;
            if (known != null) {
                pending.add(known);
            } else {
                pending.add(settle(settlement, claim, within));
            }
        }
        return pending.await("settling a message", config.entity);
    }

    /** What we remember; nothing where the service has to be asked. */
    private @Nullable Verdict known(Settlement settlement, ServiceBusClaim claim) {
        if (claim.settled() != null) {
            return settlement.repeated() && claim.settled() == settlement.kind() ? Verdict.APPLIED : Verdict.LOST;
        }
        return holding.holds(claim) ? null : Verdict.LOST;
    }

    private Mono<Verdict> settle(Settlement settlement, ServiceBusClaim claim, Duration within) {
        if (isPlain(settlement)) {
            return ask(settlement, claim, within);
        }
        // The SDK reports success for a dead-letter with a lost lock, and a copy of what somebody else has is one too
        // many: the renewal is what tells.
        return renewing.renew(claim, within).flatMap(verdict -> switch (verdict) {
            case APPLIED -> ask(settlement, claim, within);
            case LOST -> lost(settlement, claim, within).doOnNext(answered -> remember(settlement, claim, answered));
            case UNKNOWN -> Mono.just(Verdict.UNKNOWN);
        });
    }

    /** Whether it is one request. */
    private boolean isPlain(Settlement settlement) {
        return settlement.kind() != Kind.DEAD_LETTER && !isCopied(settlement);
    }

    /** Whether it comes back as a copy. */
    private boolean isCopied(Settlement settlement) {
        return publisher != null
                && settlement instanceof Retry retry
                && !retry.delay().isZero();
    }

    /**
     * One that was not answered is repeated by the management node. Where Service Bus refuses a settlement as busy, it has settled the delivery with
     * that, and the SDK goes on to wait at the link for an answer that does not come. A dead letter goes that way at once: by the link the SDK reports
     * success whatever is wrong. Of a session the link is asked first: it has the session.
     */
    private Mono<Void> operation(Settlement settlement, ServiceBusClaim claim, Duration within) {
        boolean isFaithful = settlement.kind() != Kind.DEAD_LETTER || claim.session() != null;
        if (!settlement.repeated() && isFaithful) {
            return operation(settlement, claim, claim.receiver());
        }
        Mono<Void> withoutLink = operation(settlement, claim, connections.now().looker());
        return claim.session() == null
                ? withoutLink
                : operation(settlement, claim, claim.receiver())
                        .timeout(within.dividedBy(2))
                        .onErrorResume(Settling::isOpen, unanswered -> withoutLink);
    }

    private Mono<Void> operation(Settlement settlement, ServiceBusClaim claim, ServiceBusReceiverAsyncClient receiver) {
        if (publisher != null && isCopied(settlement)) {
            return publisher.retry(claim, ((Retry) settlement).delay(), receiver);
        }
        if (settlement instanceof DeadLetter deadLetter) {
            return receiver.deadLetter(claim.received(), options(deadLetter, claim));
        }
        return settlement.kind() == Kind.COMPLETE
                ? receiver.complete(claim.received())
                : receiver.abandon(claim.received());
    }

    private static DeadLetterOptions options(DeadLetter settlement, ServiceBusClaim claim) {
        String error = settlement.error();
        DeadLetterOptions options = new DeadLetterOptions()
                .setDeadLetterReason(Texts.clean(settlement.reason(), LONGEST_REASON))
                .setPropertiesToModify(Map.of(Copies.ATTEMPT, claim.attempt()));
        if (error != null) {
            options.setDeadLetterErrorDescription(Texts.clean(error, LONGEST_REASON));
        }
        return options;
    }

    private Mono<Verdict> ask(Settlement settlement, ServiceBusClaim claim, Duration within) {
        claim.sends(settlement.kind());
        return applied(settlement, claim, within)
                .onErrorResume(failure -> afterFailure(settlement, claim, failure, within))
                .doOnNext(verdict -> remember(settlement, claim, verdict));
    }

    private Mono<Verdict> applied(Settlement settlement, ServiceBusClaim claim, Duration within) {
        if (settlement.kind() == Kind.DEAD_LETTER && claim.session() != null) {
            return deadLettered(settlement, claim, within);
        }
        Mono<Void> operation = operation(settlement, claim, within);
        // One call's wait ends all its plain settlements; a timer for each would cost more than the rest of it here.
        return (isPlain(settlement) ? operation : operation.timeout(within)).then(Mono.fromSupplier(() -> {
            watchdog.heard();
            return Verdict.APPLIED;
        }));
    }

    /**
     * By the link of a session the SDK reports success whatever Service Bus says, and never asks for this message again. So we look whether it is
     * gone. If it is not, it is lost to us: its session is let go, and it comes again.
     */
    private Mono<Verdict> deadLettered(Settlement settlement, ServiceBusClaim claim, Duration within) {
        Mono<Void> operation = claim.isReported()
                ? Mono.empty()
                : operation(settlement, claim, within).doOnSuccess(done -> claim.report());
        return operation.then(isThere(claim)).timeout(within).map(isThere -> {
            watchdog.heard();
            return isThere ? Verdict.LOST : Verdict.APPLIED;
        });
    }

    private Mono<Boolean> isThere(ServiceBusClaim claim) {
        long sequence = claim.received().getSequenceNumber();
        return Mono.defer(() -> connections.now().looker().peekMessage(sequence))
                .map(found -> found.getSequenceNumber() == sequence)
                .defaultIfEmpty(false);
    }

    /** Where the link breaks meanwhile, the SDK goes another way when it is called again. */
    private Mono<Verdict> afterFailure(
            Settlement settlement, ServiceBusClaim claim, Throwable failure, Duration within) {
        return isLinkBroken(failure)
                ? applied(settlement, claim, within)
                        .onErrorResume(again -> failed(settlement.asRepeated(), claim, again, within))
                : failed(settlement, claim, failure, within);
    }

    /** Whether the answer is missing because the link broke, and not because the service was silent or has refused. */
    private static boolean isLinkBroken(Throwable failure) {
        return isOpen(failure) && !(ServiceBusErrors.cause(failure) instanceof TimeoutException);
    }

    /** Whether nothing was decided: the service has not refused for good. */
    private static boolean isOpen(Throwable failure) {
        return !ServiceBusErrors.isLost(failure) && !ServiceBusErrors.isRefusal(failure);
    }

    private Mono<Verdict> failed(Settlement settlement, ServiceBusClaim claim, Throwable failure, Duration within) {
        watchdog.heard(failure);
        if (ServiceBusErrors.isLost(failure)) {
            return lost(settlement, claim, within);
        }
        return ServiceBusErrors.isRefusal(failure) ? Mono.error(failure) : Mono.just(Verdict.UNKNOWN);
    }

    /**
     * The service says lock-lost, and so it does where an earlier try, whose answer is missing, has settled the message. The message is gone
     * then, and our lock would still hold: it was us.
     */
    private Mono<Verdict> lost(Settlement settlement, ServiceBusClaim claim, Duration within) {
        boolean endsForGood =
                settlement.kind() == Kind.COMPLETE || settlement.kind() == Kind.DEAD_LETTER || isCopied(settlement);
        if (!settlement.repeated() || !endsForGood) {
            return Mono.just(Verdict.LOST);
        }
        return isThere(claim)
                .timeout(within)
                .map(isThere -> !isThere && claim.isWithinLock(System.nanoTime()) ? Verdict.APPLIED : Verdict.LOST)
                .onErrorReturn(Verdict.UNKNOWN);
    }

    private void remember(Settlement settlement, ServiceBusClaim claim, Verdict verdict) {
        if (verdict == Verdict.UNKNOWN) {
            return;
        }
        if (verdict == Verdict.APPLIED) {
            claim.settle(settlement.kind());
        } else {
            claim.lose();
            if (publisher != null) {
                publisher.takeBack(claim);
            }
        }
        holding.remove(claim);
    }
}
