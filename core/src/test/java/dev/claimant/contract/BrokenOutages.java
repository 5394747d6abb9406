package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Backlog;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What a source can get wrong when the broker is not there. */
final class BrokenOutages {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("OUTAGE-1", "takes an outage for a wrong configuration", BrokenOutages::blamesTheConfiguration),
            Defect.of("OUTAGE-2", "reports one problem at a time", BrokenOutages::reportsOneProblem),
            Defect.of("OUTAGE-3", "has nothing to do when it reaches nothing", BrokenOutages::hasNothingToDo),
            Defect.of("OUTAGE-4", "never claims again after a failure", BrokenOutages::neverRecovers),
            Defect.of("OUTAGE-5", "takes no answer to a renewal for a loss", BrokenOutages::takesSilenceForLoss),
            Defect.of("OUTAGE-6", "throws when it cannot settle", BrokenOutages::throwsWhenItCannotSettle),
            Defect.of("OUTAGE-7", "makes up for a lost settlement later", BrokenOutages::settlesLater)
                    .on(InMemoryContractTest::connectionLocks),
            Defect.of("OUTAGE-8", "waits for an answer as long as it takes", BrokenOutages::waitsForEver),
            Defect.of("OUTAGE-9", "does not know what it was not told", BrokenOutages::doesNotKnow),
            Defect.of("OUTAGE-10", "gives up its locks in an outage", BrokenOutages::givesUpItsLocks),
            Defect.of("OUTAGE-11", "counts nothing when it reaches nothing", BrokenOutages::countsNothing),
            Defect.of("OUTAGE-12", "has one connection for life", BrokenOutages::hasOneConnection));

    private BrokenOutages() {}

    private static void blamesTheConfiguration(BrokenSource s) {
        s.opens((real, plan, events) -> {
            try {
                return real.open(plan, events);
            } catch (SourceException e) {
                throw new ConfigurationException(List.of("url: cannot be reached"));
            }
        });
    }

    private static void reportsOneProblem(BrokenSource s) {
        s.opens((real, plan, events) -> {
            try {
                return real.open(plan, events);
            } catch (ConfigurationException e) {
                throw new ConfigurationException(e.problems().subList(0, 1));
            }
        });
    }

    private static void hasNothingToDo(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            try {
                return real.claim(demand, wait);
            } catch (SourceException e) {
                return List.of();
            }
        });
    }

    private static void neverRecovers(BrokenSource s) {
        AtomicBoolean failed = new AtomicBoolean();
        s.claims((real, demand, wait) -> {
            if (failed.get()) {
                throw new SourceException("it failed before", null);
            }
            try {
                return real.claim(demand, wait);
            } catch (SourceException e) {
                failed.set(true);
                throw e;
            }
        });
    }

    private static void takesSilenceForLoss(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            return verdict == UNKNOWN && s.ledger.harness.isCut(s) ? LOST : verdict;
        });
    }

    private static void throwsWhenItCannotSettle(BrokenSource s) {
        s.settlesEach((one, ask) -> {
            if (s.ledger.harness.isCut(s)) {
                throw new SourceException("cannot settle", null);
            }
            return ask.get();
        });
    }

    private static void settlesLater(BrokenSource s) {
        Set<String> later = new HashSet<>();
        s.settlesEach((one, ask) -> {
            if (one instanceof Complete && s.ledger.harness.isCut(s)) {
                later.add(one.claim().id());
                return APPLIED;
            }
            return ask.get();
        });
        s.claims((real, demand, wait) -> real.claim(demand, wait).stream()
                .filter(claim -> !later.contains(claim.id())
                        || real.settle(List.of(new Complete(claim)), Duration.ofSeconds(1))
                                .isEmpty())
                .toList());
    }

    private static void waitsForEver(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            while (verdict == UNKNOWN
                    && !s.ledger.harness.isCut(s)
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
            }
            return verdict;
        });
    }

    private static void doesNotKnow(BrokenSource s) {
        s.settlesEach((one, ask) -> {
            Verdict verdict = ask.get();
            return one.repeated() && !s.ledger.isSettled(one.claim()) && verdict == APPLIED ? LOST : verdict;
        });
    }

    private static void givesUpItsLocks(BrokenSource s) {
        Set<String> givenUp = new HashSet<>();
        s.renewsEach((claim, ask) -> {
            Verdict verdict = givenUp.contains(claim.id()) ? LOST : ask.get();
            if (verdict == UNKNOWN) {
                givenUp.add(claim.id());
            }
            return verdict;
        });
    }

    private static void countsNothing(BrokenSource s) {
        s.counts(real -> {
            try {
                return real.backlog();
            } catch (SourceException e) {
                return Backlog.ofScaler(0);
            }
        });
    }

    private static void hasOneConnection(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            if (s.ledger.harness.wasRestarted()) {
                throw new SourceException("the connection is gone", null);
            }
            return real.claim(demand, wait);
        });
    }
}
