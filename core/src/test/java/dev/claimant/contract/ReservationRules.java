package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;

/** What a Job's next pod is given, and nobody else. */
interface ReservationRules {

    String JOB = "job-1";
    String OTHER_JOB = "job-2";

    @Rule(
            value =
                    "A reserved message is due at once for its owner: the Job's next pod goes on where the last one failed.",
            when = When.RESERVATION)
    default void may_RESERVE_1_theOwnersNextPodIsGivenTheMessage(Bench bench) {
        String id = reserved(bench);

        Claim claim = bench.podOf(JOB).claim();

        assertThat(claim.id()).isEqualTo(id);
        assertThat(claim.attempt()).as("attempt").isEqualTo(2);
    }

    @Rule(value = "A reserved message is given to nobody else until the reservation lapses.", when = When.RESERVATION)
    default void may_RESERVE_2_nobodyElseIsGivenAReservedMessage(Bench bench) {
        reserved(bench);

        bench.passAlmost(bench.harness.reservation());

        bench.pod().claimsNothing();
        bench.podOf(OTHER_JOB).claimsNothing();
    }

    @Rule(value = "A reservation lapses: a Job that gave up blocks nobody.", when = When.RESERVATION)
    default void may_RESERVE_3_aReservationLapses(Bench bench) {
        String id = reserved(bench);

        bench.passBeyond(bench.harness.reservation());

        assertThat(bench.podOf(OTHER_JOB).claim().id()).isEqualTo(id);
    }

    @Rule(
            value =
                    "An owner's next pod takes over the live lock of the last, which is fenced out: a pod that died of memory keeps nobody waiting.",
            when = When.RESERVATION)
    default void may_RESERVE_4_theNextPodTakesOverALiveLock(Bench bench) {
        String id = bench.send("dies on it");
        Pod pod = bench.podOf(JOB);
        Claim before = pod.claim();
        Pod next = bench.podOf(JOB);

        Claim after = next.claim();

        assertThat(after.id()).isEqualTo(id);
        if (bench.capabilities.fencing()) {
            assertThat(after.fencingNumber().orElseThrow())
                    .isGreaterThan(before.fencingNumber().orElseThrow());
        }
        assertThat(pod.renew(before)).as("the old pod's renewal").isEqualTo(LOST);
        assertThat(pod.complete(before)).as("the old pod's completion").isEqualTo(LOST);
        assertThat(next.complete(after)).isEqualTo(APPLIED);
    }

    @Rule(value = "A takeover is a crash that counts, or a Job would go on for ever.", when = When.RESERVATION)
    default void may_RESERVE_5_aTakeoverCounts(Bench bench) {
        bench.send("dies on it");
        bench.podOf(JOB).claim();

        Claim after = bench.podOf(JOB).claim();

        assertThat(after.attempt()).as("attempt").isEqualTo(bench.capabilities.crashesCounted() ? 2 : 1);
    }

    @Rule(value = "Nobody takes over the lock of another owner.", when = When.RESERVATION)
    default void may_RESERVE_6_othersTakeNothingOver(Bench bench) {
        bench.send("someone else's");
        bench.podOf(JOB).claim();

        bench.podOf(OTHER_JOB).claimsNothing();
        bench.pod().claimsNothing();
    }

    @Rule(
            value = "A worker does not take over what it holds itself.",
            when = When.RESERVATION,
            lookAt = "a comparison by owner alone: this process's own locks have the same owner")
    default void may_RESERVE_7_aWorkerDoesNotTakeOverItsOwnClaims(Bench bench) {
        bench.send("held");
        Pod pod = bench.podOf(JOB);
        Claim claim = pod.claim();

        pod.claimsNothing();

        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule(
            value =
                    "An owner is given its own message before any other, however old: the Job was started for that one.",
            when = When.RESERVATION)
    default void may_RESERVE_8_theOwnersMessageComesFirst(Bench bench) {
        bench.send("older");
        Pod other = bench.pod();
        Claim older = other.claim();
        String id = reserved(bench);
        assertThat(other.release(older)).isEqualTo(APPLIED);

        assertThat(bench.podOf(JOB).claim().id()).isEqualTo(id);
    }

    @Rule(value = "A reservation ends when its owner hands the message back.", when = When.RESERVATION)
    default void may_RESERVE_9_aReservationEndsWithTheNextSettlement(Bench bench) {
        String id = reserved(bench);
        Pod next = bench.podOf(JOB);

        assertThat(next.release(next.claim())).isEqualTo(APPLIED);

        assertThat(bench.podOf(OTHER_JOB).claim().id()).isEqualTo(id);
    }

    @Rule(
            value = "Where nothing can be reserved, an owner has no special rights: core retries in the process there.",
            when = When.NO_RESERVATION)
    default void may_RESERVE_10_withoutReservationsAnOwnerTakesNothingOver(Bench bench) {
        bench.send("held");
        Pod pod = bench.podOf(JOB);
        Claim claim = pod.claim();

        bench.podOf(JOB).claimsNothing();

        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule(
            value = "A pod does not take its successor's completion for its own, though its own lock would still hold.",
            when = When.RESERVATION,
            lookAt = "gone taken for done while an owner's next pod may have been there")
    default void may_RESERVE_11_aSuccessorsCompletionIsNotOurs(Bench bench) {
        bench.send("taken over");
        Pod pod = bench.podOf(JOB);
        Claim before = pod.claim();
        Pod next = bench.podOf(JOB);
        assertThat(next.complete(next.claim())).isEqualTo(APPLIED);

        assertThat(pod.settle(new Complete(before).asRepeated())).isEqualTo(LOST);
    }

    private static String reserved(Bench bench) {
        String id = bench.send("fails in a Job");
        Pod pod = bench.podOf(JOB);
        Claim claim = pod.claim();
        assertThat(claim.id()).isEqualTo(id);
        assertThat(pod.reserve(claim)).isEqualTo(APPLIED);
        return id;
    }
}
