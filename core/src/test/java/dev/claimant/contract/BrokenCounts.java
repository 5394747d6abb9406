package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.contract.Ledger.Holder;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** What can be wrong with a count. */
final class BrokenCounts {

    static final List<Defect> DEFECTS = List.of(
            Defect.of(
                    "BACKLOG-1",
                    "stops counting at two and does not say so",
                    s -> scaler(s, b -> Math.min(2, b.scaler()))),
            Defect.of("BACKLOG-2", "does not count what is claimed", s -> without(s, c -> !isRenewed(s, c))),
            Defect.of("BACKLOG-3", "does not count what is renewed", s -> without(s, c -> isRenewed(s, c))),
            Defect.of("BACKLOG-4", "does not count what outlived its lock", BrokenCounts::withoutEndedLocks),
            Defect.of(
                    "BACKLOG-5",
                    "counts what is delayed, and KEDA does not",
                    s -> scaler(s, b -> b.scaler() + b.delayed().orElse(0))),
            Defect.of(
                    "BACKLOG-6",
                    "forgets what was delayed",
                    s -> forgetsAfter(
                            s,
                            one -> one instanceof Retry retry && !retry.delay().isZero())),
            Defect.of(
                    "BACKLOG-7",
                    "does not count what is reserved",
                    s -> forgetsAfter(s, one -> one instanceof Retry retry && retry.reserved())),
            Defect.of(
                    "BACKLOG-8",
                    "counts what was given up",
                    s -> scaler(s, b -> b.scaler() + b.dead().orElse(0))),
            Defect.of("BACKLOG-9", "counts what it has completed", BrokenCounts::countsTheCompleted),
            Defect.of("BACKLOG-10", "takes what it does not know for none", BrokenCounts::knowsNothingInFlight),
            Defect.of("BACKLOG-11", "cannot count before it is open", BrokenCounts::cannotCountBeforeItIsOpen));

    private BrokenCounts() {}

    private static void scaler(BrokenSource s, ToLongFunction<Backlog> count) {
        s.counts(real -> {
            Backlog b = real.backlog();
            return new Backlog(count.applyAsLong(b), b.ready(), b.inFlight(), b.delayed(), b.dead(), b.capped());
        });
    }

    private static boolean isRenewed(BrokenSource s, Claim claim) {
        return s.ledger.isRenewed(claim);
    }

    private static void without(BrokenSource s, Predicate<Claim> which) {
        scaler(s, b -> b.scaler() - held(s, claim -> !s.ledger.isOver(claim) && which.test(claim)));
    }

    private static void withoutEndedLocks(BrokenSource s) {
        scaler(s, b -> b.scaler() - held(s, s.ledger::isOver));
    }

    private static long held(BrokenSource s, Predicate<Claim> which) {
        return s.ledger.held().stream().map(Holder::claim).filter(which).count();
    }

    private static void forgetsAfter(BrokenSource s, Predicate<Settlement> what) {
        AtomicBoolean forgets = new AtomicBoolean();
        s.settlesEach((one, ask) -> {
            if (what.test(one)) {
                forgets.set(true);
            }
            return ask.get();
        });
        scaler(s, b -> forgets.get() && b.delayed().orElse(0) == 0 ? 0 : b.scaler());
    }

    private static void countsTheCompleted(BrokenSource s) {
        AtomicBoolean completed = new AtomicBoolean();
        s.settlesEach((one, ask) -> {
            var verdict = ask.get();
            completed.compareAndSet(false, one instanceof Complete && verdict == APPLIED);
            return verdict;
        });
        scaler(s, b -> b.scaler() + (completed.get() ? 1 : 0));
    }

    private static void knowsNothingInFlight(BrokenSource s) {
        s.counts(real -> {
            Backlog b = real.backlog();
            return new Backlog(b.scaler(), b.ready(), OptionalLong.of(0), b.delayed(), b.dead(), b.capped());
        });
    }

    private static void cannotCountBeforeItIsOpen(BrokenSource s) {
        s.counts(real -> {
            if (!s.isOpen()) {
                throw new IllegalStateException("open() comes first");
            }
            return real.backlog();
        });
    }
}
