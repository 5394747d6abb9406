package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.Ledger.Holder;
import java.util.List;
import java.util.Objects;

/** What a worker that comes too late can do to the next one. */
final class BrokenLatecomers {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("LATE-1", "completes the message whoever has it", s -> settlesForOthers(s, Complete.class)),
            Defect.of("LATE-2", "retries the message whoever has it", s -> settlesForOthers(s, Retry.class)),
            Defect.of("LATE-3", "releases the message whoever has it", s -> settlesForOthers(s, Release.class)),
            Defect.of("LATE-4", "dead-letters the message whoever has it", s -> settlesForOthers(s, DeadLetter.class)),
            Defect.of("LATE-5", "knows its messages and not its claims", BrokenLatecomers::knowsOnlyMessages)
                    .also("SETTLE-2"),
            Defect.of("LATE-6", "takes a repeated completion for its own", s -> trustsTheMark(s, Complete.class)),
            Defect.of("LATE-7", "takes a repeated release for its own", s -> trustsTheMark(s, Release.class)),
            Defect.of("LATE-8", "says that it completed what it held too long", BrokenLatecomers::pretendsToComplete),
            Defect.of("LATE-9", "takes ended locks away when it counts", BrokenLatecomers::countsAndTakesAway),
            Defect.of("LATE-11", "forgets a loss when the message is free again", BrokenLatecomers::forgetsALoss),
            Defect.of("LATE-12", "takes gone for done", BrokenLatecomers::takesGoneForDone),
            Defect.of("LATE-10", "has one fence for all, moved by a retry", BrokenLatecomers::hasOneFence));

    private BrokenLatecomers() {}

    private static void settlesForOthers(BrokenSource s, Class<? extends Settlement> kind) {
        s.settlesEach((settlement, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(settlement.claim().id());
            boolean late = verdict == LOST && !settlement.repeated() && kind.isInstance(settlement);
            if (late && holder != null && holder.source() != s && !s.hasOwner()) {
                holder.settleAs(settlement);
            }
            return verdict;
        });
    }

    private static void knowsOnlyMessages(BrokenSource s) {
        s.settlesEach((settlement, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(settlement.claim().id());
            boolean again = holder != null && holder.source() == s && holder.claim() != settlement.claim();
            return verdict == LOST && again ? Objects.requireNonNull(holder).settleAs(settlement) : verdict;
        });
    }

    private static void trustsTheMark(BrokenSource s, Class<? extends Settlement> kind) {
        s.settlesEach((settlement, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(settlement.claim().id());
            boolean marked = settlement.repeated() && kind.isInstance(settlement);
            return marked && holder != null && s.ledger.isHeld(holder.claim()) ? APPLIED : verdict;
        });
    }

    private static void pretendsToComplete(BrokenSource s) {
        s.settlesEach((settlement, ask) -> {
            Claim claim = settlement.claim();
            return s.ledger.isHeld(claim) && s.ledger.isOver(claim) ? APPLIED : ask.get();
        });
    }

    private static void countsAndTakesAway(BrokenSource s) {
        s.counts(real -> {
            s.ledger.held().stream()
                    .map(Holder::claim)
                    .filter(s.ledger::isOver)
                    .forEach(claim -> s.ledger.harness.inner(s).expireLock(Altered.real(claim)));
            return real.backlog();
        });
    }

    private static void forgetsALoss(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(claim.id());
            boolean free = holder != null && holder.source() != s && s.ledger.isReleased(holder.claim());
            return verdict == LOST && free ? APPLIED : verdict;
        });
    }

    private static void takesGoneForDone(BrokenSource s) {
        s.settlesEach((settlement, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(settlement.claim().id());
            boolean gone = settlement.repeated() && holder != null && s.ledger.isSettled(holder.claim());
            return verdict == LOST && gone && !s.hasOwner() ? APPLIED : verdict;
        });
    }

    private static void hasOneFence(BrokenSource s) {
        s.renewsEach((claim, ask) -> s.ledger.retriedSince(claim) ? LOST : ask.get());
    }
}
