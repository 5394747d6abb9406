package dev.claimant.rabbitmq;

import dev.claimant.Settlement;
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
import java.util.function.BooleanSupplier;
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

    Settling(RabbitMqConfig config, Publisher publisher) {
        this.config = config;
        this.publisher = publisher;
    }

    void keepDelays(boolean known) {
        keepsDelays = known;
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        for (Settlement settlement : settlements) {
            if (isOurs(settlement)) {
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
        return merged(verdicts, complete(toComplete));
    }

    /** Nothing yet for what has to be completed now, be it because its copy is safe. */
    private @Nullable Verdict withoutCompletion(Settlement settlement, long deadline) {
        RabbitMqClaim claim = claim(settlement);
        if (!isOurs(settlement)) {
            return settlement.repeated() && claim.settled ? Verdict.APPLIED : Verdict.LOST;
        }
        if (settlement instanceof Release) {
            return claim.subscription().release(claim);
        }
        CompletableFuture<Boolean> copy = claim.copy;
        if (copy != null) {
            return isSafe(copy, claim, deadline) ? null : Verdict.UNKNOWN;
        }
        return settlement instanceof Retry ? claim.subscription().reject(claim) : null;
    }

    private void sendCopy(Settlement settlement) {
        RabbitMqClaim claim = claim(settlement);
        if (claim.copy != null) {
            return; // an earlier call has sent it and did not see it confirmed
        }
        byte[] body = claim.message().body();
        BooleanSupplier stillOurs = () -> isOurs(settlement);
        if (settlement instanceof Retry retry && (!kept(retry).isZero() || needsCopy(claim))) {
            Duration delay = kept(retry);
            String queue = delay.isZero() ? config.queue : Topology.retryQueue(config, delay);
            claim.copy = publisher.publish(queue, Copies.retry(claim, delay), body, stillOurs);
        } else if (settlement instanceof DeadLetter dead && config.deadLetterQueue != null) {
            claim.copy = publisher.publish(
                    config.deadLetterQueue, Copies.dead(claim, dead.reason(), dead.error()), body, stillOurs);
        }
    }

    /** Where the broker's own count says what the next attempt must be, the message can go back as it is. */
    private static boolean needsCopy(RabbitMqClaim claim) {
        return claim.countedByBroker() != claim.attempt();
    }

    private Duration kept(Retry retry) {
        return keepsDelays ? Topology.kept(config, retry.delay()) : Duration.ZERO;
    }

    private static boolean isSafe(CompletableFuture<Boolean> copy, RabbitMqClaim claim, long deadline) {
        try {
            if (copy.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return true;
            }
            claim.copy = null; // the next call sends another
            return false;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** All claims that are ours are of one subscription, or of one that has just ended. */
    private static List<Verdict> complete(List<RabbitMqClaim> claims) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        int begin = 0;
        for (int i = 1; i <= claims.size(); i++) {
            Subscription subscription = claims.get(begin).subscription();
            if (i == claims.size() || claims.get(i).subscription() != subscription) {
                verdicts.addAll(subscription.complete(claims.subList(begin, i)));
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
