package dev.claimant.contract;

import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a source can keep to itself, or say without meaning it. */
final class BrokenEvents {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    static final List<Defect> DEFECTS = List.of(
            Defect.of("EVENT-1", "settles nothing while it announces", BrokenEvents::settlesNothingMeanwhile),
            Defect.of("EVENT-2", "completes what it announced", BrokenEvents::completesWhatItAnnounced),
            Defect.of("EVENT-3", "waits to be told that its connection is gone", BrokenEvents::waitsToBeTold)
                    .on(InMemoryContractTest::connectionLocks));

    private BrokenEvents() {}

    private static void settlesNothingMeanwhile(BrokenSource s) {
        AtomicBoolean announcing = new AtomicBoolean();
        s.announces((real, claims, finishWithin) -> {
            announcing.set(true);
            real.endangered(claims, finishWithin);
            announcing.set(false);
        });
        s.settlesEach((settlement, ask) -> announcing.get() ? UNKNOWN : ask.get());
    }

    private static void completesWhatItAnnounced(BrokenSource s) {
        s.announces((real, claims, finishWithin) -> {
            real.endangered(claims, finishWithin);
            claims.forEach(claim -> s.settle(List.of(new Complete(claim)), A_SECOND));
        });
    }

    private static void waitsToBeTold(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            return verdict == LOST && s.ledger.harness.isCut(s) ? UNKNOWN : verdict;
        });
    }
}
