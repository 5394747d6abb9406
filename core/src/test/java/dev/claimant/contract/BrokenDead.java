package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Verdict;
import java.util.List;

/** What can be wrong with giving up. */
final class BrokenDead {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("DEAD-1", "copies to the dead and leaves the message", BrokenDead::leavesTheMessage)
                    .also("BACKLOG-8", "BACKLOG-10"),
            Defect.of("DEAD-2", "drops what fails for the second time", BrokenDead::dropsTheDead),
            Defect.of("DEAD-3", "has one reason for the whole batch", BrokenDead::oneReasonForAll),
            Defect.of("DEAD-4", "chokes on a long reason", BrokenDead::chokesOnReasons),
            Defect.of("DEAD-5", "keeps a second copy when asked again", BrokenDead::keepsASecondCopy),
            Defect.of(
                            "DEAD-6",
                            "does not declare that it keeps the dead",
                            s -> s.declares(c -> c.with(all -> all.deadLetters(false))))
                    .also("BACKLOG-10"),
            Defect.of("DEAD-7", "takes a lost answer for a yes", BrokenDead::takesSilenceForDone),
            Defect.of(
                    "DEAD-8",
                    "gives what no handler can be given as if it could",
                    s -> s.alters(claim -> claim.unusable() == null ? claim : Altered.unusable(claim, null))));

    private BrokenDead() {}

    private static void leavesTheMessage(BrokenSource s) {
        s.settlesEach((one, ask) -> {
            Verdict verdict = ask.get();
            if (one instanceof DeadLetter && verdict == APPLIED && !one.repeated()) {
                s.ledger.harness.send(Sending.of(one.claim().text()));
            }
            return verdict;
        });
    }

    private static void dropsTheDead(BrokenSource s) {
        s.settles((real, settlements, within) ->
                real.settle(settlements.stream().map(BrokenDead::dropped).toList(), within));
    }

    private static Settlement dropped(Settlement one) {
        return one instanceof DeadLetter && one.claim().attempt() > 1 ? new Complete(one.claim()) : one;
    }

    private static void oneReasonForAll(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            boolean dead = !settlements.isEmpty() && settlements.get(0) instanceof DeadLetter;
            return real.settle(
                    dead
                            ? settlements.stream()
                                    .map(one -> Altered.settlement(settlements.get(0), one.claim()))
                                    .toList()
                            : settlements,
                    within);
        });
    }

    private static void chokesOnReasons(BrokenSource s) {
        s.settlesEach(
                (one, ask) -> one instanceof DeadLetter dead && dead.reason().length() > 10_000 ? UNKNOWN : ask.get());
    }

    private static void takesSilenceForDone(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            boolean unheard = s.ledger.harness.isMuted(s) && settlements.get(0) instanceof DeadLetter;
            return unheard
                    ? List.of(UNKNOWN)
                    : real.settle(
                            settlements.stream()
                                    .map(one -> completedIfRepeated(s, one))
                                    .toList(),
                            within);
        });
    }

    private static Settlement completedIfRepeated(BrokenSource s, Settlement one) {
        boolean open = one instanceof DeadLetter && one.repeated() && !s.ledger.isSettled(one.claim());
        return open ? new Complete(one.claim()) : one;
    }

    private static void keepsASecondCopy(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            List<Verdict> verdicts = real.settle(settlements, within);
            for (Settlement one : settlements) {
                if (one instanceof DeadLetter && one.repeated() && s.ledger.isSettled(one.claim())) {
                    s.ledger.harness.send(Sending.of(one.claim().text()));
                    Claim copy = BrokenSource.claimNow(real, 1).get(0);
                    real.settle(List.of(Altered.settlement(one, copy)), within);
                }
            }
            return verdicts;
        });
    }
}
