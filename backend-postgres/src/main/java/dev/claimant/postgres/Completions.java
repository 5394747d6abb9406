package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.postgres.BatchEntry.Purpose;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes messages, except those that the handler has completed in a transaction of its own. Of these the row says what became of the
 * transaction: gone, it committed; still ours, it did not, and whatever the handler did is undone: a failed attempt.
 */
final class Completions {

    private static final Logger log = LoggerFactory.getLogger(Completions.class);
    private static final String NOT_COMMITTED =
            "the handler returned, but the transaction in which it called completeIn did not commit";

    private final Settling settling;
    private final Plan plan;

    Completions(Settling settling, Plan plan) {
        this.settling = settling;
        this.plan = plan;
    }

    List<Verdict> complete(List<Settlement> completions, Duration within) {
        if (completions.stream().noneMatch(Completions::inTransaction)) {
            return settling.settle(completions, Purpose.KEEP_OR_COMPLETE, within);
        }
        long deadline = System.nanoTime() + within.toNanos();
        List<Settlement> toAsk = completions.stream()
                .map(completion -> inTransaction(completion) ? takenBack(completion.claim()) : completion)
                .toList();
        Map<Settlement, Verdict> verdicts = new HashMap<>();
        toAsk.stream().collect(Collectors.groupingBy(Object::getClass)).values().forEach(ofOneKind -> {
            List<Verdict> answers = ask(ofOneKind, Duration.ofNanos(deadline - System.nanoTime()));
            for (int i = 0; i < answers.size(); i++) {
                verdicts.put(ofOneKind.get(i), answers.get(i));
            }
        });
        return toAsk.stream()
                .map(asked -> Objects.requireNonNull(verdicts.get(asked)))
                .toList();
    }

    private static boolean inTransaction(Settlement completion) {
        return ((PostgresClaim) completion.claim()).completedInTransaction();
    }

    /** What becomes of the message if its row is still ours. */
    private Settlement takenBack(Claim claim) {
        return claim.attempt() >= plan.maxAttempts()
                ? new DeadLetter(claim, "attempt " + claim.attempt() + " failed: " + NOT_COMMITTED, null)
                : new Retry(claim, Duration.ZERO, plan.job() && plan.owner() != null, NOT_COMMITTED, false);
    }

    private List<Verdict> ask(List<Settlement> ofOneKind, Duration within) {
        if (ofOneKind.get(0) instanceof Complete) {
            return settling.settle(ofOneKind, Purpose.KEEP_OR_COMPLETE, within);
        }
        List<Verdict> verdicts = settling.settle(ofOneKind, Purpose.TAKE_BACK, within);
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i) == Verdict.LOST) {
                log.warn("{}: {}", ofOneKind.get(i).claim(), NOT_COMMITTED);
            }
        }
        return verdicts;
    }
}
