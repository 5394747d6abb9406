package dev.claimant.sqs;

import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Kind;
import dev.claimant.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Gives messages up: makes sure of the lock, sends a copy with the reason to the dead-letter queue, deletes the original. A failure in between
 * leaves two messages, never none. Where the copy cannot be sent, the queue's own redrive policy moves the message, without the reason.
 */
final class Burying {

    static final String SEND = "sqs:SendMessage";

    private static final Logger LOG = LoggerFactory.getLogger(Burying.class);

    private final SqsConfig config;
    private final Connections connections;
    private final Batches batches;
    private final Holding holding;
    private final QueueFacts facts;
    private final AtomicBoolean saidThatItFallsBack = new AtomicBoolean();

    Burying(SqsConfig config, Connections connections, Batches batches, Holding holding, QueueFacts facts) {
        this.config = config;
        this.connections = connections;
        this.batches = batches;
        this.holding = holding;
        this.facts = facts;
    }

    List<Verdict> bury(List<Settlement> settlements, PendingVerdicts pending) {
        List<SqsClaim> claims = new ArrayList<>(settlements.size());
        List<Integer> seconds = new ArrayList<>(settlements.size());
        long now = System.nanoTime();
        for (Settlement settlement : settlements) {
            SqsClaim claim = (SqsClaim) settlement.claim();
            claims.add(claim);
            seconds.add(Math.max(1, claim.visibility(config.lockLength, now)));
        }
        List<CompletableFuture<Batches.Answer>> locked = batches.keep(claims, seconds);
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>(settlements.size());
        for (int i = 0; i < settlements.size(); i++) {
            DeadLetter dead = (DeadLetter) settlements.get(i);
            verdicts.add(locked.get(i).thenCompose(answer -> afterLocking(dead, answer)));
        }
        return pending.verdicts(SEND, facts.deadLetters() == null ? config.queue : facts.deadLetters(), verdicts);
    }

    private CompletableFuture<Verdict> afterLocking(DeadLetter dead, Batches.Answer answer) {
        SqsClaim claim = (SqsClaim) dead.claim();
        if (answer == Batches.Answer.OVER
                && claim.sent() == Kind.DEAD_LETTER
                && holding.holds(claim, System.nanoTime())) {
            return CompletableFuture.completedFuture(
                    applied(claim)); // the copy is there, and the original's delete was not answered
        }
        if (answer == Batches.Answer.OVER || !holding.holds(claim, System.nanoTime())) {
            return CompletableFuture.completedFuture(lost(claim));
        }
        QueueAddress deadLetters = facts.deadLetters();
        if (answer == Batches.Answer.UNKNOWN) {
            return CompletableFuture.completedFuture(Verdict.UNKNOWN);
        }
        if (deadLetters == null || claim.sent() == Kind.DEAD_LETTER) {
            return delete(claim);
        }
        return copy(dead, claim, deadLetters);
    }

    private CompletableFuture<Verdict> copy(DeadLetter dead, SqsClaim claim, QueueAddress deadLetters) {
        SendMessageRequest.Builder copy = Copies.dead(claim, dead.reason(), dead.error(), facts);
        if (copy == null) {
            return leaveToPolicy(claim, "it is too large for a copy", null);
        }
        return connections
                .client()
                .sendMessage(copy.queueUrl(deadLetters.url())
                        .overrideConfiguration(connections.once())
                        .build())
                .handle((sent, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure ->
                        failure.isPresent() ? notSent(claim, deadLetters, failure.get()) : deleteCopied(claim));
    }

    private CompletableFuture<Verdict> notSent(SqsClaim claim, QueueAddress deadLetters, Throwable failure) {
        return facts.maxReceiveCount() > 0 && isForGood(failure)
                ? leaveToPolicy(claim, SqsErrors.describe(SEND, deadLetters, failure), failure)
                : CompletableFuture.failedFuture(failure);
    }

    private CompletableFuture<Verdict> deleteCopied(SqsClaim claim) {
        claim.sends(Kind.DEAD_LETTER, System.nanoTime());
        return delete(claim);
    }

    private static boolean isForGood(Throwable failure) {
        return SqsErrors.isRefusal(failure) || SqsErrors.isTooLarge(failure);
    }

    private CompletableFuture<Verdict> delete(SqsClaim claim) {
        return batches.delete(List.of(claim)).get(0).thenApply(answer -> {
            if (answer == Batches.Answer.UNKNOWN) {
                return Verdict.UNKNOWN;
            }
            return holding.holds(claim, System.nanoTime()) ? applied(claim) : lost(claim);
        });
    }

    private CompletableFuture<Verdict> leaveToPolicy(SqsClaim claim, String why, @Nullable Throwable failure) {
        if (facts.maxReceiveCount() <= 0) {
            return CompletableFuture.completedFuture(Verdict.UNKNOWN);
        }
        if (saidThatItFallsBack.compareAndSet(false, true)) {
            LOG.warn(
                    "{} goes to the dead letters by the redrive policy of {}, after {} receives and without its reason, since no"
                            + " copy could be sent: {}; later ones are not logged",
                    claim,
                    config.queue,
                    facts.maxReceiveCount(),
                    why,
                    failure);
        }
        return batches.keep(List.of(claim), List.of(0)).get(0).thenApply(answer -> {
            if (answer == Batches.Answer.UNKNOWN) {
                return Verdict.UNKNOWN;
            }
            return answer == Batches.Answer.DONE ? applied(claim) : lost(claim);
        });
    }

    private Verdict applied(SqsClaim claim) {
        claim.settle(Kind.DEAD_LETTER);
        holding.remove(claim);
        return Verdict.APPLIED;
    }

    private Verdict lost(SqsClaim claim) {
        claim.lose();
        holding.remove(claim);
        return Verdict.LOST;
    }
}
