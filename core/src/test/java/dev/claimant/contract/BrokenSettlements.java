package dev.claimant.contract;

import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.Ledger.Holder;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a settlement can do wrong. */
final class BrokenSettlements {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("SETTLE-1", "hides for a while what is completed", BrokenSettlements::hidesTheCompleted)
                    .also("RETRY-4"),
            Defect.of("SETTLE-2", "gives the first verdict for the whole batch", BrokenSettlements::oneVerdictForAll),
            Defect.of("SETTLE-3", "refuses a batch that names a claim twice", BrokenSettlements::refusesDuplicates),
            Defect.of("SETTLE-4", "drops all its locks when a claim is settled twice", BrokenSettlements::dropsItsLocks)
                    .also("SETTLE-2"),
            Defect.of(
                    "SETTLE-5",
                    "knows nothing of its earlier completions",
                    s -> forgetsTheMark(s, Set.of(Complete.class))),
            Defect.of(
                    "SETTLE-6",
                    "knows nothing of its earlier retries and releases",
                    s -> forgetsTheMark(s, Set.of(Retry.class, Release.class))),
            Defect.of(
                    "SETTLE-7", "settles a hundred at a time and forgets the rest", BrokenSettlements::aHundredAtMost),
            Defect.of("SETTLE-8", "looks at the first of no settlements", BrokenSettlements::looksAtTheFirst),
            Defect.of("RETRY-1", "knows only whether it is a redelivery", BrokenSettlements::knowsOnlyRedelivery)
                    .also("ATTEMPT-4"),
            Defect.of("RETRY-2", "brings delayed messages a second early", s -> delays(s, -1)),
            Defect.of("RETRY-3", "brings delayed messages a second late", s -> delays(s, 1))
                    .also("BACKLOG-6"),
            Defect.of("RETRY-4", "has one delay for the whole batch", BrokenSettlements::oneDelayForAll),
            Defect.of("RETRY-5", "renews four times at most", BrokenSettlements::renewsFourTimes)
                    .on(InMemoryContractTest::least),
            Defect.of("RETRY-6", "sends a copy without headers", BrokenSettlements::losesHeaders),
            Defect.of("RETRY-7", "chokes on a long error", BrokenSettlements::chokesOnErrors));

    private BrokenSettlements() {}

    private static void hidesTheCompleted(BrokenSource s) {
        s.settles((real, settlements, within) ->
                real.settle(settlements.stream().map(one -> hidden(s, one)).toList(), within));
    }

    private static Settlement hidden(BrokenSource s, Settlement one) {
        Duration while2 =
                s.ledger.harness.capabilities().lockLength().multipliedBy(5).dividedBy(2);
        return one instanceof Complete && isKeyless(one)
                ? new Retry(one.claim(), while2, false, "", one.repeated())
                : one;
    }

    private static void oneVerdictForAll(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            List<Verdict> verdicts = real.settle(settlements, within);
            return verdicts.isEmpty() ? verdicts : Collections.nCopies(verdicts.size(), verdicts.get(0));
        });
    }

    private static void refusesDuplicates(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            Set<String> ids = new HashSet<>();
            settlements.forEach(one -> {
                if (!ids.add(one.claim().id())) {
                    throw new IllegalArgumentException(one.claim() + " twice");
                }
            });
            return real.settle(settlements, within);
        });
    }

    private static void dropsItsLocks(BrokenSource s) {
        s.settlesEach((one, ask) -> {
            Verdict verdict = ask.get();
            if (verdict == LOST && s.ledger.isSettled(one.claim())) {
                s.ledger.held().stream()
                        .filter(holder -> holder.source() == s)
                        .map(Holder::claim)
                        .forEach(claim -> s.ledger.harness.inner(s).expireLock(Altered.real(claim)));
            }
            return verdict;
        });
    }

    private static void forgetsTheMark(BrokenSource s, Set<Class<? extends Settlement>> kinds) {
        s.settlesEach((one, ask) -> {
            Verdict verdict = ask.get();
            boolean forgotten = kinds.contains(one.getClass()) && s.ledger.isSettled(one.claim());
            return forgotten ? LOST : verdict;
        });
    }

    private static void aHundredAtMost(BrokenSource s) {
        s.settles((real, settlements, within) ->
                real.settle(settlements.subList(0, Math.min(100, settlements.size())), within));
    }

    private static void looksAtTheFirst(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            Objects.requireNonNull(settlements.get(0));
            return real.settle(settlements, within);
        });
    }

    private static void knowsOnlyRedelivery(BrokenSource s) {
        s.alters(claim -> Altered.attempt(claim, Math.min(2, claim.attempt())));
    }

    private static void delays(BrokenSource s, int secondsMore) {
        s.settles((real, settlements, within) -> real.settle(
                settlements.stream().map(one -> delayed(one, secondsMore)).toList(), within));
    }

    private static Settlement delayed(Settlement one, int secondsMore) {
        return one instanceof Retry retry && !retry.delay().isZero() && isKeyless(one)
                ? new Retry(retry.claim(), retry.delay().plusSeconds(secondsMore), retry.error())
                : one;
    }

    private static void oneDelayForAll(BrokenSource s) {
        s.settles((real, settlements, within) -> real.settle(
                settlements.stream().map(one -> like(settlements.get(0), one)).toList(), within));
    }

    private static boolean isKeyless(Settlement one) {
        return one.claim().message().orderingKey() == null;
    }

    private static Settlement like(Settlement first, Settlement one) {
        return first instanceof Retry ? Altered.settlement(first, one.claim()) : one;
    }

    private static void renewsFourTimes(BrokenSource s) {
        Set<String> renewals = new HashSet<>();
        s.renewsEach((claim, ask) -> {
            renewals.add(claim.id() + " at " + s.ledger.harness.nanos());
            boolean tooOften = renewals.stream()
                            .filter(at -> at.startsWith(claim.id() + " at "))
                            .count()
                    > 4;
            return tooOften ? LOST : ask.get();
        });
    }

    private static void losesHeaders(BrokenSource s) {
        s.alters(claim -> claim.attempt() == 1 ? claim : Altered.headers(claim, Map.of()));
    }

    private static void chokesOnErrors(BrokenSource s) {
        s.settlesEach(
                (one, ask) -> one instanceof Retry retry && retry.error().length() > 10_000 ? UNKNOWN : ask.get());
    }
}
