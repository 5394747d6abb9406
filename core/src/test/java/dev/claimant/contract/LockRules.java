package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;

/** How long a claim is ours, what a renewal does, and what its answer means. */
interface LockRules {

    @Rule("While a message is locked, no other worker is given it.")
    default void must_LOCK_1_aLockedMessageIsGivenToNobodyElse(Bench bench) {
        bench.send("locked");
        Pod pod = bench.pod();
        Pod other = bench.pod();
        Claim claim = pod.claim();

        if (When.TIMED_LOCK.holdsFor(bench.capabilities)) {
            bench.passAlmost(bench.capabilities.lockLength());
        }

        other.claimsNothing();
        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule(value = "A message whose worker is gone comes back when its lock has ended.", when = When.TIMED_LOCK)
    default void may_LOCK_2_aMessageOfAWorkerThatIsGoneComesBack(Bench bench) {
        String id = bench.send("left behind");
        Pod gone = bench.pod();
        gone.claim();
        Pod other = bench.pod();

        gone.close();
        bench.passBeyond(bench.capabilities.lockLength());

        assertThat(other.claim().id()).isEqualTo(id);
    }

    @Rule(
            value = "All messages of a worker that lost its connection come back: their locks were the connection.",
            when = When.CONNECTION_LOCK)
    default void may_LOCK_3_messagesComeBackWhenTheConnectionEnds(Bench bench) {
        List<String> ids = bench.send(3);
        Pod pod = bench.pod();
        pod.claim(3);
        Pod other = bench.pod();

        bench.harness.disconnect(pod.source);

        assertThat(other.claim(3)).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Rule(
            value = "A worker learns of a lock that ended with its connection: by an event or by the next renewal.",
            when = When.CONNECTION_LOCK)
    default void may_LOCK_4_theEndOfTheConnectionIsTold(Bench bench) {
        bench.send("left behind");
        Pod pod = bench.pod();
        Claim claim = pod.claim();

        bench.harness.disconnect(pod.source);

        Verdict verdict = pod.renew(claim);
        assertThat(verdict == LOST || pod.lost.contains(claim))
                .as("renewal said %s, events %s", verdict, pod.lost)
                .isTrue();
    }

    @Rule(value = "A renewal extends the lock by its full length from now, not from the claim.", when = When.TIMED_LOCK)
    default void may_LOCK_5_aRenewedLockHoldsItsFullLength(Bench bench) {
        bench.send("long work");
        Pod pod = bench.pod();
        Pod other = bench.pod();
        Claim claim = pod.claim();
        Duration lock = bench.capabilities.lockLength();

        bench.harness.pass(lock.dividedBy(2));
        assertThat(pod.renew(claim)).isEqualTo(APPLIED);
        bench.passAlmost(lock);

        other.claimsNothing();
        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule(
            value = "A renewal extends the lock once: when the worker dies afterwards, the message comes back.",
            when = When.TIMED_LOCK)
    default void may_LOCK_6_aRenewedLockEndsToo(Bench bench) {
        String id = bench.send("long work");
        Pod pod = bench.pod();
        Claim claim = pod.claim();

        bench.harness.pass(bench.capabilities.lockLength().dividedBy(2));
        assertThat(pod.renew(claim)).isEqualTo(APPLIED);
        bench.passBeyond(bench.capabilities.lockLength());

        assertThat(bench.pod().claim().id()).isEqualTo(id);
    }

    @Rule(
            value =
                    "Asked to renew a lock that has ended but whose message nobody claimed since, a source says APPLIED only if it holds again.",
            when = When.TIMED_LOCK,
            lookAt =
                    "an update that matches the row and does not move the lock, or a lock that is dead for one caller and alive for another")
    default void may_LOCK_7_theAnswerToALateRenewalIsTrue(Bench bench) {
        String id = bench.send("slow");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        bench.passBeyond(bench.capabilities.lockLength());

        Verdict verdict = pod.renew(claim);

        assertThat(verdict).isIn(APPLIED, LOST);
        if (verdict == APPLIED) {
            bench.passAlmost(bench.capabilities.lockLength());
            bench.pod().claimsNothing();
            assertThat(pod.complete(claim)).isEqualTo(APPLIED);
        } else {
            assertThat(bench.pod().claim().id()).isEqualTo(id);
        }
    }

    @Rule("A renewal of a message that another worker has meanwhile is LOST.")
    default void must_LOCK_8_aRenewalOfWhatAnotherWorkerHasIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().renew(taken.lateClaim())).isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(
            value = "A renewal of a claim that is settled is LOST: there is nothing to hold.",
            lookAt = "a verdict that says the request was sent, not that there was a lock")
    default void must_LOCK_9_aRenewalOfASettledClaimIsLost(Bench bench) {
        bench.send("done");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        assertThat(pod.complete(claim)).isEqualTo(APPLIED);

        assertThat(pod.renew(claim)).isEqualTo(LOST);
    }

    @Rule("Renewals are answered one per claim and in order, also when some of them fail.")
    default void must_LOCK_10_renewalsAreAnsweredOnePerClaimAndInOrder(Bench bench) {
        bench.send(4);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(4);
        assertThat(pod.complete(claims.get(1))).isEqualTo(APPLIED);

        assertThat(pod.renew(claims)).containsExactly(APPLIED, LOST, APPLIED, APPLIED);
    }

    @Rule(
            value = "The worker is told how long it has: never longer than the lock, counted from before the request.",
            when = When.TIMED_LOCK,
            lookAt = "the broker's absolute time set against our clock")
    default void may_LOCK_11_aClaimSaysHowLongItIsLocked(Bench bench) {
        bench.send("timed");
        Pod pod = bench.pod();

        Claim claim = pod.claim();

        long lock = bench.capabilities.lockLength().toNanos();
        assertThat(claim.lockedUntilNanos() - bench.harness.nanos())
                .as("time left")
                .isBetween(lock / 2, lock);
    }

    @Rule(
            value = "A lock without a clock says so, or core would give up a message that it holds.",
            when = When.CONNECTION_LOCK)
    default void may_LOCK_12_aLockWithoutAClockHasNoEnd(Bench bench) {
        bench.send("held by the connection");

        assertThat(bench.pod().claim().lockedUntilNanos()).isEqualTo(Claim.NO_EXPIRY);
    }

    @Rule(
            value = "A message's fencing number grows with each claim of it, so that a late write can be told.",
            when = When.FENCING)
    default void may_LOCK_13_fencingNumbersGrow(Bench bench) {
        bench.send("fenced");
        Pod pod = bench.pod();
        long last = -1;
        for (int i = 0; i < 4; i++) {
            Claim claim = pod.claim();
            assertThat(claim.fencingNumber()).isPresent();
            assertThat(claim.fencingNumber().getAsLong()).isGreaterThan(last);
            last = claim.fencingNumber().getAsLong();
            endOneWayOrAnother(bench, pod, claim, i);
        }
    }

    private static void endOneWayOrAnother(Bench bench, Pod pod, Claim claim, int i) {
        if (i == 0) {
            assertThat(pod.retry(claim)).isEqualTo(APPLIED);
        } else if (i == 1) {
            assertThat(pod.release(claim)).isEqualTo(APPLIED);
        } else {
            bench.endLocksOf(pod);
        }
    }

    @Rule(
            value =
                    "A source that cannot fence gives no fencing number, since a number that means nothing guards nothing.",
            when = When.NO_FENCING)
    default void may_LOCK_14_withoutFencingThereIsNoNumber(Bench bench) {
        bench.send("not fenced");

        assertThat(bench.pod().claim().fencingNumber()).isEmpty();
    }
}
