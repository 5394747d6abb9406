package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Release;
import dev.claimant.Verdict;
import java.time.Duration;

/** A worker that comes too late: whatever it says is LOST and does nothing to the worker that has the message now. */
interface LateRules {

    String FENCE = "a settlement that names the message and not the claim";

    @Rule(value = "A late completion is LOST, and the message stays with its new worker.", lookAt = FENCE)
    default void must_LATE_1_aLateCompleteIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().complete(taken.lateClaim())).isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(value = "A late retry is LOST, and does not take the message from its new worker.", lookAt = FENCE)
    default void must_LATE_2_aLateRetryIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().retry(taken.lateClaim())).isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(value = "A late release is LOST, and does not take the message from its new worker.", lookAt = FENCE)
    default void must_LATE_3_aLateReleaseIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().release(taken.lateClaim())).isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(
            value = "A late dead-letter is LOST and leaves nothing among the dead: the new worker may succeed.",
            lookAt = FENCE)
    default void must_LATE_4_aLateDeadLetterIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().deadLetter(taken.lateClaim(), "too late")).isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(
            value =
                    "A worker's earlier claim is over when it claims the same message again: an old handler must not settle for the new one.",
            lookAt = "ownership that is kept per worker, not per claim")
    default void must_LATE_5_anEarlierClaimOfTheSameWorkerIsOver(Bench bench) {
        String id = bench.send("again");
        Pod pod = bench.pod();
        Claim earlier = pod.claim();
        bench.endLocksOf(pod);
        Claim again = pod.claim();
        assertThat(again.id()).isEqualTo(id);

        assertThat(pod.complete(earlier)).isEqualTo(LOST);
        assertThat(pod.renew(earlier)).isEqualTo(LOST);

        assertThat(pod.complete(again)).isEqualTo(APPLIED);
    }

    @Rule(
            value = "A completion marked as repeated is LOST all the same when another worker has the message.",
            lookAt = "trust in the mark instead of in the lock")
    default void must_LATE_6_aRepeatedCompleteOfWhatAnotherHasIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().settle(new Complete(taken.lateClaim()).asRepeated()))
                .isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule("A release marked as repeated is LOST all the same when another worker has the message.")
    default void must_LATE_7_aRepeatedReleaseOfWhatAnotherHasIsLost(Bench bench) {
        Taken taken = Taken.over(bench);

        assertThat(taken.late().settle(new Release(taken.lateClaim()).asRepeated()))
                .isEqualTo(LOST);

        taken.assertUnharmed();
    }

    @Rule(
            value =
                    "A completion after the lock ended, the message claimed by nobody since, is APPLIED and final, or LOST and the message comes back.",
            when = When.TIMED_LOCK)
    default void may_LATE_8_theAnswerToACompleteAfterTheLockIsTrue(Bench bench) {
        String id = bench.send("slow");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        bench.passBeyond(bench.capabilities.lockLength());

        Verdict verdict = pod.complete(claim);

        assertThat(verdict).isIn(APPLIED, LOST);
        if (verdict == APPLIED) {
            bench.passBeyond(bench.capabilities.lockLength());
            bench.pod().claimsNothing();
        } else {
            assertThat(bench.pod().claim().id()).isEqualTo(id);
        }
    }

    @Rule(value = "Looking changes nothing: counting the backlog decides no claim's fate.", when = When.TIMED_LOCK)
    default void may_LATE_9_countingDecidesNothing(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        Claim uncounted = pod.claim();
        bench.passBeyond(bench.capabilities.lockLength());
        Verdict before = pod.renew(uncounted);
        assertThat(pod.complete(uncounted)).isEqualTo(before);
        Claim counted = pod.claim();
        bench.passBeyond(bench.capabilities.lockLength());

        pod.source.backlog();

        assertThat(pod.renew(counted)).isEqualTo(before);
    }

    @Rule(
            value = "A worker that is slow but was never overtaken is not fenced out by another message's claims.",
            when = When.SHARED)
    default void may_LATE_10_claimsOfOtherMessagesFenceNobodyOut(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        Pod other = bench.pod();
        Claim others = other.claim();
        assertThat(other.retry(others, Duration.ZERO)).isEqualTo(APPLIED);
        other.claim();

        assertThat(pod.renew(claim)).isEqualTo(APPLIED);
        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule(
            value = "What was once LOST stays LOST, also when the message is free again: core has told the handler so.",
            lookAt = "a lock that is looked up by message, and revived")
    default void must_LATE_11_whatWasLostStaysLost(Bench bench) {
        Taken taken = Taken.over(bench);
        assertThat(taken.late().renew(taken.lateClaim())).isEqualTo(LOST);
        assertThat(taken.owner().release(taken.ownersClaim())).isEqualTo(APPLIED);

        assertThat(taken.late().renew(taken.lateClaim())).as("the renewal").isEqualTo(LOST);
        assertThat(taken.late().complete(taken.lateClaim()))
                .as("the completion")
                .isEqualTo(LOST);

        assertThat(taken.owner().claim().id()).isEqualTo(taken.lateClaim().id());
    }

    @Rule(
            value =
                    "A repeated completion is LOST when the lock was over and the message is gone: a successor may have done it.",
            when = When.TIMED_LOCK,
            lookAt = "gone taken for done without a look at the clock")
    default void may_LATE_12_aSuccessorsCompletionIsNotOurs(Bench bench) {
        long before = bench.harness.nanos();
        Taken taken = Taken.over(bench);
        if (bench.harness.nanos() - before < bench.capabilities.lockLength().toNanos()) {
            throw new NotApplicable("here time passes for the broker alone");
        }
        assertThat(taken.owner().complete(taken.ownersClaim())).isEqualTo(APPLIED);

        assertThat(taken.late().settle(new Complete(taken.lateClaim()).asRepeated()))
                .isEqualTo(LOST);
    }
}
