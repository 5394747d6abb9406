package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** What can be wrong with what comes back untried, and with counting tries. */
final class BrokenReturns {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("RELEASE-1", "releases only the first of a batch", BrokenReturns::releasesTheFirst),
            Defect.of("RELEASE-2", "takes a release for a retry", BrokenReturns::retriesInstead)
                    .also("ATTEMPT-4"),
            Defect.of(
                            "RELEASE-3",
                            "declares releases counted that are not",
                            s -> s.declares(c -> c.with(all -> all.releaseCounted(true))))
                    .also("ATTEMPT-4"),
            Defect.of("RELEASE-4", "counts deliveries from two", BrokenReturns::countsDeliveriesFromTwo),
            Defect.of("RELEASE-5", "gives a message up after ten deliveries", BrokenReturns::givesUpAfterTen)
                    .on(InMemoryContractTest::least),
            Defect.of("ATTEMPT-1", "counts no crash", s -> countsCrashes(s, -1)).also("ATTEMPT-4"),
            Defect.of("ATTEMPT-2", "counts crashes that it says it does not", s -> countsCrashes(s, 1))
                    .on(InMemoryContractTest::least)
                    .also("ATTEMPT-4"),
            Defect.of(
                    "ATTEMPT-3",
                    "takes every earlier attempt for a crash",
                    s -> s.alters(c -> Altered.expiredLocks(c, c.attempt() - 1))),
            Defect.of("ATTEMPT-4", "forgets a crash that follows on a failure", BrokenReturns::forgetsLaterCrashes));

    private BrokenReturns() {}

    private static void releasesTheFirst(BrokenSource s) {
        s.settles((real, settlements, within) -> {
            boolean releases = !settlements.isEmpty() && settlements.get(0) instanceof Release;
            if (!releases) {
                return real.settle(settlements, within);
            }
            Verdict first = real.settle(settlements.subList(0, 1), within).get(0);
            return Collections.nCopies(settlements.size(), first);
        });
    }

    private static void retriesInstead(BrokenSource s) {
        s.settles((real, settlements, within) ->
                real.settle(settlements.stream().map(BrokenReturns::retried).toList(), within));
    }

    private static Settlement retried(Settlement one) {
        return one instanceof Release ? new Retry(one.claim(), Duration.ZERO, false, "", one.repeated()) : one;
    }

    private static void givesUpAfterTen(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            claims.stream()
                    .filter(BrokenReturns::cameTooOften)
                    .forEach(claim -> real.settle(
                            List.of(new DeadLetter(claim, "delivered ten times", null)), Duration.ofSeconds(1)));
            return claims.stream().filter(claim -> !cameTooOften(claim)).toList();
        });
    }

    private static boolean cameTooOften(Claim claim) {
        return claim.delivery() > 10;
    }

    private static void countsDeliveriesFromTwo(BrokenSource s) {
        s.alters(claim -> Altered.delivery(claim, claim.delivery() == 1 ? 1 : claim.delivery() + 1));
    }

    private static void countsCrashes(BrokenSource s, int each) {
        s.alters(claim -> s.hasOwner() ? claim : Altered.attempt(claim, claim.attempt() + each * claim.expiredLocks()));
    }

    private static void forgetsLaterCrashes(BrokenSource s) {
        s.alters(claim ->
                claim.expiredLocks() > 0 && claim.attempt() > 2 ? Altered.attempt(claim, claim.attempt() - 1) : claim);
    }
}
