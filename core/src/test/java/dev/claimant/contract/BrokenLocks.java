package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Verdict;
import dev.claimant.contract.Ledger.Holder;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** What a lock can do wrong. */
final class BrokenLocks {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    static final List<Defect> DEFECTS = List.of(
            Defect.of("LOCK-1", "declares locks a second longer than they are", BrokenLocks::declaresMore)
                    .also("LOCK-5", "LOCK-7"),
            Defect.of("LOCK-2", "goes on renewing after it was closed", BrokenLocks::renewsAfterItsEnd),
            Defect.of("LOCK-3", "gives back one message only when its connection ends", s -> s.keepsLocks = true)
                    .on(InMemoryContractTest::connectionLocks),
            Defect.of("LOCK-4", "cannot tell whether an old claim outlived its connection", BrokenLocks::cannotTell)
                    .also("EVENT-3")
                    .on(InMemoryContractTest::connectionLocks),
            Defect.of("LOCK-5", "answers renewals from memory", BrokenLocks::renewsFromMemory)
                    .also("LOCK-7", "OUTAGE-5", "OUTAGE-8"),
            Defect.of("LOCK-6", "goes on renewing what was renewed once", BrokenLocks::goesOnRenewing),
            Defect.of("LOCK-7", "says that it renewed a lock that had ended", BrokenLocks::pretendsToRenewTheEnded),
            Defect.of("LOCK-8", "says that it renewed what another worker has", BrokenLocks::renewsOthers)
                    .also("LATE-11"),
            Defect.of("LOCK-9", "says that it renewed what is settled", BrokenLocks::renewsTheSettled),
            Defect.of("LOCK-10", "gives the good answers first", BrokenLocks::goodAnswersFirst),
            Defect.of("LOCK-11", "adds a minute to the time it has", s -> endsAt(s, 60_000_000_000L)),
            Defect.of("LOCK-12", "gives a lock without a clock an end", s -> endsAt(s, -1_000_000_000L))
                    .on(InMemoryContractTest::connectionLocks),
            Defect.of("LOCK-13", "takes the attempt for a fencing number", BrokenLocks::attemptsAreFences),
            Defect.of("LOCK-14", "makes up fencing numbers", s -> s.alters(c -> Altered.fence(c, 0)))
                    .on(InMemoryContractTest::least));

    private BrokenLocks() {}

    private static void declaresMore(BrokenSource s) {
        s.declares(c -> c.with(all -> all.lockLength(c.lockLength().plus(A_SECOND))));
    }

    private static void renewsAfterItsEnd(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            renewAll(s, holder -> holder.source().isClosed);
            return real.claim(demand, wait);
        });
    }

    private static void goesOnRenewing(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            renewAll(s, holder -> s.ledger.isRenewed(holder.claim()));
            return real.claim(demand, wait);
        });
    }

    private static void renewAll(BrokenSource s, Predicate<Holder> which) {
        s.ledger.held().stream()
                .filter(which)
                .forEach(holder -> holder.source().renew(List.of(holder.claim()), A_SECOND));
    }

    private static void cannotTell(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            return verdict == LOST && s.ledger.isHeld(claim) ? UNKNOWN : verdict;
        });
    }

    private static void renewsFromMemory(BrokenSource s) {
        s.renewsEach((claim, ask) -> s.ledger.isHeld(claim) ? APPLIED : ask.get());
    }

    private static void pretendsToRenewTheEnded(BrokenSource s) {
        s.renewsEach((claim, ask) -> s.ledger.isHeld(claim) && s.ledger.isOver(claim) ? APPLIED : ask.get());
    }

    private static void renewsOthers(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Holder holder = s.ledger.holder(claim.id());
            return holder != null && holder.source() != s && !s.hasOwner() ? APPLIED : ask.get();
        });
    }

    private static void renewsTheSettled(BrokenSource s) {
        s.renews((real, claims, within) -> {
            boolean settled = claims.size() == 1 && s.ledger.isSettled(claims.get(0));
            return settled ? List.of(APPLIED) : real.renew(claims, within);
        });
    }

    private static void goodAnswersFirst(BrokenSource s) {
        s.renews((real, claims, within) -> {
            List<Verdict> verdicts = real.renew(claims, within);
            return verdicts.stream().sorted(Comparator.naturalOrder()).toList();
        });
    }

    private static void endsAt(BrokenSource s, long nanosLater) {
        s.alters(claim -> Altered.lockedUntil(claim, claim.lockedUntilNanos() + nanosLater));
    }

    private static void attemptsAreFences(BrokenSource s) {
        s.alters(claim -> Altered.fence(claim, claim.attempt()));
    }
}
