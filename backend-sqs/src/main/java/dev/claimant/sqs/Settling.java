package dev.claimant.sqs;

import dev.claimant.Settlement;
import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Ends claims: completions, retries and releases; {@link Burying} gives up. */
final class Settling {

    private final SqsConfig config;
    private final Batches batches;
    private final Holding holding;
    private final Burying burying;

    Settling(SqsConfig config, Batches batches, Holding holding, Burying burying) {
        this.config = config;
        this.batches = batches;
        this.holding = holding;
        this.burying = burying;
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        if (settlements.isEmpty()) {
            return List.of();
        }
        Kind kind = settlements.get(0).kind();
        PendingVerdicts pending = new PendingVerdicts(settlements.size(), System.nanoTime() + within.toNanos());
        List<Settlement> open = open(settlements, pending);
        return switch (kind) {
            case DEAD_LETTER -> burying.bury(open, pending);
            case COMPLETE -> pending.verdicts(Batches.DELETE, config.queue, complete(open));
            case RETRY, RELEASE -> pending.verdicts(Batches.CHANGE, config.queue, handBack(open));
        };
    }

    /** Those for which the queue has to be asked. */
    private List<Settlement> open(List<Settlement> settlements, PendingVerdicts pending) {
        Set<SqsClaim> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Settlement> open = new ArrayList<>();
        for (int i = 0; i < settlements.size(); i++) {
            Settlement settlement = settlements.get(i);
            SqsClaim claim = (SqsClaim) settlement.claim();
            Verdict known = seen.add(claim) ? known(settlement, claim) : Verdict.LOST;
            if (known == null && settlement.kind() != Kind.COMPLETE && !isRenewed(claim, pending.deadline())) {
                known = Verdict.UNKNOWN;
            }
            if (known != null) {
                pending.known(i, known);
            } else {
                pending.open(i);
                open.add(settlement);
            }
        }
        return open;
    }

    /** What our clock and our memory say; nothing where the queue has to be asked. */
    private @Nullable Verdict known(Settlement settlement, SqsClaim claim) {
        Kind kind = settlement.kind();
        if (claim.settled() != null) {
            return settlement.repeated() && claim.settled() == kind ? Verdict.APPLIED : Verdict.LOST;
        }
        long now = System.nanoTime();
        if (!holding.holds(claim, now) || mayBeWithAnother(settlement, claim, now)) {
            claim.lose();
            holding.remove(claim);
            return Verdict.LOST;
        }
        return null;
    }

    /**
     * Whether an earlier try, sent and not answered, may have handed the message to another worker: an old receipt must take it from
     * nobody.
     */
    private static boolean mayBeWithAnother(Settlement settlement, SqsClaim claim, long now) {
        if (claim.sent() == Kind.RELEASE) {
            return true;
        }
        return claim.sent() == Kind.RETRY
                && (!(settlement instanceof Retry retry)
                        || now - claim.sentAt() >= retry.delay().toNanos());
    }

    /** Waits for a renewal that is under way; false when it is not answered in time, and nothing may be sent behind it. */
    private static boolean isRenewed(SqsClaim claim, long deadline) {
        try {
            claim.renewal().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<CompletableFuture<Verdict>> complete(List<Settlement> settlements) {
        List<SqsClaim> claims = sent(settlements, Kind.COMPLETE);
        return answered(settlements, batches.delete(claims));
    }

    private List<CompletableFuture<Verdict>> handBack(List<Settlement> settlements) {
        List<Integer> seconds = new ArrayList<>(settlements.size());
        long now = System.nanoTime();
        for (Settlement settlement : settlements) {
            Duration delay = settlement instanceof Retry retry ? retry.delay() : Duration.ZERO;
            seconds.add(((SqsClaim) settlement.claim()).visibility(delay, now));
        }
        List<SqsClaim> claims = sent(
                settlements,
                settlements.isEmpty() ? Kind.RETRY : settlements.get(0).kind());
        return answered(settlements, batches.keep(claims, seconds));
    }

    private static List<SqsClaim> sent(List<Settlement> settlements, Kind kind) {
        long now = System.nanoTime();
        List<SqsClaim> claims = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            SqsClaim claim = (SqsClaim) settlement.claim();
            claim.sends(kind, now);
            claims.add(claim);
        }
        return claims;
    }

    private List<CompletableFuture<Verdict>> answered(
            List<Settlement> settlements, List<CompletableFuture<Batches.Answer>> answers) {
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>(settlements.size());
        for (int i = 0; i < settlements.size(); i++) {
            Settlement settlement = settlements.get(i);
            verdicts.add(answers.get(i).thenApply(answer -> verdict(settlement, answer)));
        }
        return verdicts;
    }

    /** Judged with the answer in hand, also one that comes too late for the call: the next one finds it with the claim. */
    private Verdict verdict(Settlement settlement, Batches.Answer answer) {
        if (answer == Batches.Answer.UNKNOWN) {
            return Verdict.UNKNOWN;
        }
        SqsClaim claim = (SqsClaim) settlement.claim();
        boolean wasUs = settlement.repeated() && settlement.kind() == Kind.COMPLETE;
        boolean held = holding.holds(claim, System.nanoTime());
        if (claim.settled() == settlement.kind()) {
            return Verdict.APPLIED; // by an earlier try, whose answer came meanwhile
        }
        holding.remove(claim);
        if (held && (answer == Batches.Answer.DONE || wasUs)) {
            claim.settle(settlement.kind());
            return Verdict.APPLIED;
        }
        claim.lose();
        return Verdict.LOST;
    }
}
