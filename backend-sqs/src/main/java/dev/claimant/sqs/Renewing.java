package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.Settlement.Kind;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Extends locks. What is over by our clock is lost, whatever the queue would say: an old receipt may still be accepted. */
final class Renewing {

    private final SqsConfig config;
    private final Batches batches;
    private final Holding holding;

    Renewing(SqsConfig config, Batches batches, Holding holding) {
        this.config = config;
        this.batches = batches;
        this.holding = holding;
    }

    List<Verdict> renew(List<Claim> claims, Duration within) {
        long now = System.nanoTime();
        PendingVerdicts pending = new PendingVerdicts(claims.size(), now + within.toNanos());
        List<SqsClaim> toRenew = new ArrayList<>();
        List<Integer> seconds = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        for (int i = 0; i < claims.size(); i++) {
            SqsClaim claim = (SqsClaim) claims.get(i);
            int visibility = claim.visibility(config.lockLength, now);
            if (!holding.holds(claim, now)) {
                pending.known(i, Verdict.LOST);
            } else if (visibility < 1 || !claim.beginRenewal(done)) {
                pending.known(i, Verdict.UNKNOWN);
            } else {
                pending.open(i);
                toRenew.add(claim);
                seconds.add(visibility);
            }
        }
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        List<CompletableFuture<Batches.Answer>> answers = batches.keep(toRenew, seconds);
        for (int i = 0; i < toRenew.size(); i++) {
            SqsClaim claim = toRenew.get(i);
            long until = now + Duration.ofSeconds(seconds.get(i)).toNanos();
            verdicts.add(answers.get(i).thenApply(answer -> answered(claim, answer, until)));
        }
        var unused = CompletableFuture.allOf(verdicts.toArray(new CompletableFuture<?>[0]))
                .whenComplete((nothing, failure) -> done.complete(null));
        return pending.verdicts(Batches.CHANGE, config.queue, verdicts);
    }

    private Verdict answered(SqsClaim claim, Batches.Answer answer, long until) {
        if (answer == Batches.Answer.UNKNOWN) {
            return Verdict.UNKNOWN;
        }
        if (claim.sent() == Kind.COMPLETE && answer == Batches.Answer.OVER) {
            return Verdict.LOST; // what the completion has done, whose own answer decides what the claim was
        }
        if (answer == Batches.Answer.OVER || !holding.holds(claim, System.nanoTime())) {
            claim.lose();
            holding.remove(claim);
            return Verdict.LOST;
        }
        claim.renewed(until);
        return Verdict.APPLIED;
    }
}
