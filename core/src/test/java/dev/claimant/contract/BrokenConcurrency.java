package dev.claimant.contract;

import static dev.claimant.Verdict.LOST;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** What can go wrong when everything happens at once. */
final class BrokenConcurrency {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("PARALLEL-1", "gives to others what it is just giving", s -> givesTwice(s, s.ledger.giving)),
            Defect.of(
                            "PARALLEL-2",
                            "gives to one thread what it is just giving to another",
                            s -> givesTwice(s, new CopyOnWriteArrayList<>()))
                    .on(InMemoryContractTest::connectionLocks),
            Defect.of("PARALLEL-3", "cannot count while it renews", BrokenConcurrency::cannotCountWhileItRenews),
            Defect.of("PARALLEL-4", "settles on the thread that claims", BrokenConcurrency::hasOneLock),
            Defect.of("PARALLEL-5", "renews what was just completed into life", BrokenConcurrency::revives));

    private BrokenConcurrency() {}

    private static void givesTwice(BrokenSource s, List<Claim> giving) {
        s.claims((real, demand, wait) -> {
            List<Claim> given = List.copyOf(giving);
            if (!given.isEmpty() && given.size() <= demand) {
                return given;
            }
            List<Claim> claims = real.claim(demand, wait);
            if (!claims.isEmpty()) {
                giving.addAll(claims);
                TimeUnit.MILLISECONDS.sleep(Underway.isUnderway() ? 20 : 0);
                giving.clear();
            }
            return claims;
        });
    }

    private static void cannotCountWhileItRenews(BrokenSource s) {
        AtomicInteger renewing = new AtomicInteger();
        s.renews((real, claims, within) -> {
            renewing.incrementAndGet();
            try {
                return real.renew(claims, within);
            } finally {
                pause();
                renewing.decrementAndGet();
            }
        });
        s.counts(real -> {
            for (int i = 0; Underway.isUnderway() && renewing.get() == 0 && i < 100; i++) {
                pause();
            }
            if (renewing.get() > 0) {
                throw new IllegalStateException("in use");
            }
            return real.backlog();
        });
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hasOneLock(BrokenSource s) {
        ReentrantLock one = new ReentrantLock();
        s.claims((real, demand, wait) -> {
            one.lockInterruptibly();
            try {
                return real.claim(demand, wait);
            } finally {
                one.unlock();
            }
        });
        s.settles((real, settlements, within) -> {
            one.lock();
            try {
                return real.settle(settlements, within);
            } finally {
                one.unlock();
            }
        });
    }

    private static void revives(BrokenSource s) {
        s.renewsEach((claim, ask) -> {
            Verdict verdict = ask.get();
            if (verdict == LOST && s.ledger.isSettled(claim)) {
                s.ledger.harness.send(Sending.of(claim.text()));
            }
            return verdict;
        });
    }
}
