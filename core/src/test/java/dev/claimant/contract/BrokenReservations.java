package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.Ledger.Holder;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What can be wrong with reservations and takeovers. */
final class BrokenReservations {

    private static final AtomicInteger PODS = new AtomicInteger();

    static final List<Defect> DEFECTS = List.of(
            Defect.of("RESERVE-1", "reserves for the pod and not for the Job", BrokenReservations::reservesForThePod)
                    .also("RESERVE-4", "RESERVE-5", "RESERVE-8", "RESERVE-9", "RESERVE-11", "ORDER-5"),
            Defect.of("RESERVE-2", "retries without reserving", BrokenReservations::reservesNothing)
                    .also("RESERVE-8", "ORDER-5"),
            Defect.of("RESERVE-3", "reserves for twice as long", BrokenReservations::reservesForTwiceAsLong),
            Defect.of("RESERVE-4", "keeps the fencing number when it takes over", BrokenReservations::keepsTheFence),
            Defect.of("RESERVE-5", "does not count a takeover", BrokenReservations::doesNotCountTakeovers),
            Defect.of("RESERVE-6", "takes every Job for the same", s -> owner(s, owner -> "a Job"))
                    .also("RESERVE-2"),
            Defect.of("RESERVE-7", "gives a Job its own claims again", BrokenReservations::givesItsOwnAgain),
            Defect.of("RESERVE-8", "gives a Job the oldest message first", BrokenReservations::oldestFirst),
            Defect.of(
                    "RESERVE-11", "takes its successor's completion for its own", BrokenReservations::takesGoneForDone),
            Defect.of("RESERVE-9", "reserves also what is released", BrokenReservations::reservesReleases),
            Defect.of(
                    "RESERVE-10",
                    "takes over without declaring it",
                    s -> s.declares(c -> c.with(all -> all.reservation(false)))));

    private BrokenReservations() {}

    private static void takesGoneForDone(BrokenSource s) {
        s.settlesEach((settlement, ask) -> {
            Verdict verdict = ask.get();
            Holder holder = s.ledger.holder(settlement.claim().id());
            boolean gone = settlement.repeated() && holder != null && s.ledger.isSettled(holder.claim());
            return verdict == LOST && gone && s.hasOwner() ? APPLIED : verdict;
        });
    }

    private static void reservesForThePod(BrokenSource s) {
        owner(s, owner -> owner + "/" + PODS.incrementAndGet());
    }

    private static void owner(BrokenSource s, UnaryOperator<String> other) {
        s.opens((real, plan, events) -> {
            String owner = plan.owner();
            return real.open(planned(plan, owner == null ? null : other.apply(owner), plan.reservation()), events);
        });
    }

    private static Plan planned(Plan plan, @Nullable String owner, Duration reservation) {
        return new Plan(
                plan.worker(),
                plan.slots(),
                plan.maxHeld(),
                plan.maxAttempts(),
                plan.handlerTimeout(),
                owner,
                reservation,
                plan.ordered(),
                plan.job());
    }

    private static void reservesNothing(BrokenSource s) {
        settlesInstead(
                s,
                one -> one instanceof Retry retry && retry.reserved()
                        ? retried(retry.claim(), false, retry.repeated())
                        : one);
    }

    private static void reservesReleases(BrokenSource s) {
        settlesInstead(s, one -> one instanceof Release && s.hasOwner() ? retried(one.claim(), true, false) : one);
    }

    private static Settlement retried(Claim claim, boolean reserved, boolean repeated) {
        return new Retry(claim, Duration.ZERO, reserved, "", repeated);
    }

    private static void settlesInstead(BrokenSource s, UnaryOperator<Settlement> instead) {
        s.settles((real, settlements, within) ->
                real.settle(settlements.stream().map(instead).toList(), within));
    }

    private static void reservesForTwiceAsLong(BrokenSource s) {
        s.opens((real, plan, events) ->
                real.open(planned(plan, plan.owner(), plan.reservation().multipliedBy(2)), events));
    }

    private static void keepsTheFence(BrokenSource s) {
        s.alters(claim ->
                tookOver(s, claim) ? Altered.fence(claim, claim.fencingNumber().orElseThrow() - 1) : claim);
    }

    private static void doesNotCountTakeovers(BrokenSource s) {
        s.alters(claim -> tookOver(s, claim) ? Altered.attempt(claim, claim.attempt() - 1) : claim);
    }

    private static boolean tookOver(BrokenSource s, Claim claim) {
        return s.hasOwner() && claim.expiredLocks() > 0;
    }

    private static void givesItsOwnAgain(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            return claims.isEmpty() && s.hasOwner()
                    ? s.ledger.held().stream()
                            .filter(holder -> holder.source() == s)
                            .map(Holder::claim)
                            .toList()
                    : claims;
        });
    }

    private static void oldestFirst(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            boolean keyless = claims.stream().allMatch(claim -> claim.message().orderingKey() == null);
            List<Claim> older = s.hasOwner() && keyless ? real.claim(demand, Duration.ZERO) : List.of();
            real.settle(
                    List.copyOf(
                            older.isEmpty()
                                    ? List.<Settlement>of()
                                    : claims.stream()
                                            .map(claim -> retried(claim, true, false))
                                            .toList()),
                    wait);
            return older.isEmpty() ? claims : older;
        });
    }
}
