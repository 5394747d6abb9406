package dev.claimant.contract;

import static dev.claimant.Verdict.UNKNOWN;

import dev.claimant.Claim;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What can be wrong with stopping and closing. */
final class BrokenClosing {

    private static final Duration A_MOMENT = Duration.ofMillis(20);

    static final List<Defect> DEFECTS = List.of(
            Defect.of("CLOSE-1", "looks whether it was stopped only before it waits", BrokenClosing::looksBefore),
            Defect.of("CLOSE-2", "ends one claim and then goes on", BrokenClosing::endsOneClaim),
            Defect.of("CLOSE-3", "answers nothing after it was stopped", BrokenClosing::answersNothing),
            Defect.of("CLOSE-4", "throws away what comes while it is being stopped", BrokenClosing::throwsAway),
            Defect.of("CLOSE-5", "keeps what was sent ahead when it is stopped", BrokenClosing::keepsWhatWasSentAhead),
            Defect.of("CLOSE-6", "cannot be stopped before it is open", BrokenClosing::cannotBeStoppedEarly),
            Defect.of("CLOSE-7", "stops all workers of the queue", BrokenClosing::stopsAll),
            Defect.of("CLOSE-8", "cannot be closed twice", BrokenClosing::closesOnce),
            Defect.of("CLOSE-9", "leaves its connection open", s -> s.closes(Source::stopClaiming))
                    .also("CLOSE-11"), // what is not closed can be opened
            Defect.of("CLOSE-10", "hands nothing back when it is closed", BrokenClosing::handsNothingBack)
                    .on(InMemoryContractTest::connectionLocks)
                    .also("CLOSE-11"),
            Defect.of("CLOSE-11", "is opened as often as one likes", BrokenClosing::opensAgain));

    private BrokenClosing() {}

    private static void looksBefore(BrokenSource s) {
        AtomicBoolean stopped = new AtomicBoolean();
        s.stops(real -> stopped.set(true));
        s.claims((real, demand, wait) -> stopped.get() ? List.of() : real.claim(demand, wait));
    }

    private static void endsOneClaim(BrokenSource s) {
        AtomicBoolean stopping = new AtomicBoolean();
        s.stops(real -> {
            if (s.isOpen()) {
                stopping.set(true);
            } else {
                real.stopClaiming();
            }
        });
        s.claims((real, demand, wait) -> {
            long end = System.nanoTime() + wait.toNanos();
            List<Claim> claims = real.claim(demand, Duration.ZERO);
            while (claims.isEmpty() && System.nanoTime() < end && !s.isClosed) {
                if (stopping.getAndSet(false)) {
                    return claims;
                }
                claims = real.claim(demand, A_MOMENT);
            }
            return claims;
        });
    }

    private static void answersNothing(BrokenSource s) {
        AtomicBoolean stopped = new AtomicBoolean();
        s.stops(real -> {
            stopped.set(true);
            real.stopClaiming();
        });
        s.settlesEach((one, ask) -> stopped.get() ? UNKNOWN : ask.get());
    }

    private static void throwsAway(BrokenSource s) {
        AtomicBoolean stopped = new AtomicBoolean();
        Semaphore arrived = new Semaphore(0);
        s.stops(real -> {
            stopped.set(true);
            try {
                var unused = arrived.tryAcquire(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            real.stopClaiming();
        });
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            arrived.release();
            return stopped.get() ? List.of() : claims;
        });
    }

    private static void keepsWhatWasSentAhead(BrokenSource s) {
        AtomicInteger ahead = new AtomicInteger();
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            ahead.set(demand - claims.size());
            return claims;
        });
        s.stops(real -> {
            if (ahead.get() > 1) {
                BrokenSource.claimNow(real, ahead.get());
            }
            real.stopClaiming();
        });
    }

    private static void cannotBeStoppedEarly(BrokenSource s) {
        s.stops(real -> {
            if (s.isOpen()) {
                real.stopClaiming();
            }
        });
    }

    private static void stopsAll(BrokenSource s) {
        s.stops(real -> {
            real.stopClaiming();
            s.ledger.sources().forEach(other -> other.real.stopClaiming());
        });
    }

    private static void closesOnce(BrokenSource s) {
        s.closes(real -> {
            if (s.isClosed) {
                throw new IllegalStateException("closed already");
            }
            real.close();
        });
    }

    private static void opensAgain(BrokenSource s) {
        List<Capabilities> known = new ArrayList<>();
        s.opens((real, plan, events) -> {
            if (known.isEmpty()) {
                known.add(real.open(plan, events));
            }
            return known.get(0);
        });
    }

    private static void handsNothingBack(BrokenSource s) {
        s.closes(real -> {
            real.stopClaiming();
            s.ledger.harness.forgetConnection(s);
        });
    }
}
