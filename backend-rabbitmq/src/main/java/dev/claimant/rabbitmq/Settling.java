package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends claims. A copy for a later attempt or for the dead letters is safe at the broker before the original is let go: a failure in
 * between leaves two messages, never none.
 */
final class Settling {

    private final RabbitMqConfig config;
    private final Publisher publisher;

    /** Whether retry queues keep messages during their delays. */
    private volatile boolean keepsDelays;

    /** Beyond this attempt a message is given up without being tried. */
    private volatile int lastAttempt;

    Settling(RabbitMqConfig config, Publisher publisher) {
        this.config = config;
        this.publisher = publisher;
    }

    /** Before the first claim. */
    void open(boolean keepsDelays, int lastAttempt) {
        this.keepsDelays = keepsDelays;
        this.lastAttempt = lastAttempt;
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        for (Settlement settlement : settlements) {
            if (!(settlement instanceof Complete) && isOurs(settlement)) {
                sendCopy(settlement);
            }
        }
        List<@Nullable Verdict> verdicts = new ArrayList<>(settlements.size());
        List<RabbitMqClaim> toComplete = new ArrayList<>();
        for (Settlement settlement : settlements) {
            Verdict verdict = withoutCompletion(settlement, deadline);
            verdicts.add(verdict);
            if (verdict == null) {
                toComplete.add(claim(settlement));
            }
        }
        return merged(verdicts, complete(toComplete, deadline));
    }

    /** Absent where the claim has to be completed now, for example because its copy is safe. */
    private @Nullable Verdict withoutCompletion(Settlement settlement, long deadline) {
        RabbitMqClaim claim = claim(settlement);
        if (settlement instanceof Complete && !settlement.repeated()) {
            return null; // whether it is ours is looked at once, when it is taken out
        }
        if (!isOurs(settlement)) {
            return settlement.repeated() && claim.settled
                    ? claim.subscription().acknowledging().completedBefore(deadline)
                    : Verdict.LOST;
        }
        if (settlement instanceof Release) {
            return claim.subscription().acknowledging().release(claim);
        }
        for (CompletableFuture<CopyFate> copy = claim.copy; copy != null; copy = claim.copy) {
            CopyFate fate = fate(copy, deadline);
            if (fate == CopyFate.SAFE) {
                return null;
            }
            if (fate == null) {
                return Verdict.UNKNOWN; // it is still on its way
            }
            claim.copy = null;
            if (fate == CopyFate.UNSENDABLE) {
                return withoutCopy(settlement, claim);
            }
            int next = claim.detour + 1;
            if (fate == CopyFate.FAILED || next == queues(settlement).size()) {
                claim.detour = 0;
                return Verdict.UNKNOWN; // the next call sends another
            }
            claim.detour = next;
            sendCopy(settlement);
        }
        return settlement instanceof Retry
                ? claim.subscription().acknowledging().reject(claim)
                : null;
    }

    /** The broker moves what we cannot copy; where it is not known to, the message comes again. */
    private static Verdict withoutCopy(Settlement settlement, RabbitMqClaim claim) {
        if (settlement instanceof DeadLetter
                && claim.subscription().acknowledging().deadLetterByBroker(claim)) {
            return Verdict.APPLIED;
        }
        return claim.subscription().acknowledging().reject(claim);
    }

    private void sendCopy(Settlement settlement) {
        RabbitMqClaim claim = claim(settlement);
        List<String> queues = queues(settlement);
        if (claim.copy != null || queues.isEmpty()) {
            return; // an earlier call has sent it and did not see it confirmed, or it needs none
        }
        String queue = queues.get(claim.detour);
        BasicProperties properties;
        if (settlement instanceof Retry retry) {
            properties = Copies.retry(claim, kept(retry));
        } else {
            DeadLetter dead = (DeadLetter) settlement;
            properties = claim.detour == 0
                    ? Copies.dead(claim, dead.reason(), dead.error())
                    : Copies.toBeGivenUp(claim, dead.reason(), dead.error(), lastAttempt);
        }
        claim.copy = publisher.publish(queue, properties, claim.message().body(), () -> isOurs(settlement));
    }

    /** Where its copy may go; nowhere if it needs none. */
    private List<String> queues(Settlement settlement) {
        if (settlement instanceof Retry retry && (!kept(retry).isZero() || needsCopy(claim(settlement)))) {
            return Detours.ofRetry(config, kept(retry));
        }
        String dead = config.deadLetterQueue;
        return settlement instanceof DeadLetter && dead != null
                ? Detours.ofDeadLetter(config, dead, keepsDelays)
                : List.of();
    }

    /** Where the broker's own count says what the next attempt must be, the message can go back as it is. */
    private static boolean needsCopy(RabbitMqClaim claim) {
        return claim.countedByBroker() != claim.attempt();
    }

    private Duration kept(Retry retry) {
        return keepsDelays ? Topology.kept(config, retry.delay()) : Duration.ZERO;
    }

    private static @Nullable CopyFate fate(CompletableFuture<CopyFate> copy, long deadline) {
        try {
            return copy.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** All claims that are ours are of one subscription, or of one that has just ended. */
    private static List<Verdict> complete(List<RabbitMqClaim> claims, long deadline) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        int begin = 0;
        for (int i = 1; i <= claims.size(); i++) {
            Subscription subscription = claims.get(begin).subscription();
            if (i == claims.size() || claims.get(i).subscription() != subscription) {
                verdicts.addAll(subscription.acknowledging().complete(claims.subList(begin, i), deadline));
                begin = i;
            }
        }
        return verdicts;
    }

    private static List<Verdict> merged(List<@Nullable Verdict> known, List<Verdict> completed) {
        List<Verdict> merged = new ArrayList<>(known.size());
        int next = 0;
        for (Verdict verdict : known) {
            merged.add(verdict != null ? verdict : completed.get(next++));
        }
        return merged;
    }

    private static boolean isOurs(Settlement settlement) {
        RabbitMqClaim claim = claim(settlement);
        return claim.subscription().holds(claim);
    }

    private static RabbitMqClaim claim(Settlement settlement) {
        return (RabbitMqClaim) settlement.claim();
    }
}
