package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;

/** What a completion does, and how batches of settlements are answered. */
interface SettleRules {

    @Rule("What is completed never comes back, however long one waits.")
    default void must_SETTLE_1_aCompletedMessageNeverComesBack(Bench bench) {
        bench.send("done");
        Pod pod = bench.pod();
        assertThat(pod.complete(pod.claim())).isEqualTo(APPLIED);

        for (int i = 0; i < 3; i++) {
            bench.endLocksOf(pod);
            pod.claimsNothing();
        }

        bench.pod().claimsNothing();
    }

    @Rule(
            value =
                    "In a batch, each settlement gets its own verdict, in order: one that is lost costs the others nothing.",
            lookAt = "a transaction around the batch, or one answer used for all")
    default void must_SETTLE_2_aBatchIsAnsweredOnePerSettlementAndInOrder(Bench bench) {
        bench.send(3);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(3);
        assertThat(pod.retry(claims.get(1))).isEqualTo(APPLIED);
        Claim again = pod.claim();
        assertThat(again.id()).isEqualTo(claims.get(1).id());

        assertThat(pod.settle(completed(claims))).containsExactly(APPLIED, LOST, APPLIED);

        assertThat(pod.complete(again)).isEqualTo(APPLIED);
        bench.endLocksOf(pod);
        pod.claimsNothing();
    }

    @Rule("A claim that stands in a batch twice is settled once, and the batch is answered in full.")
    default void must_SETTLE_3_theSameClaimTwiceInABatchIsSettledOnce(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);

        List<Verdict> verdicts = pod.settle(completed(List.of(claims.get(0), claims.get(0), claims.get(1))));

        assertThat(verdicts.get(0)).isEqualTo(APPLIED);
        assertThat(verdicts.get(1)).isNotEqualTo(UNKNOWN);
        assertThat(verdicts.get(2)).isEqualTo(APPLIED);
    }

    @Rule(
            value = "Settling a claim a second time harms no other claim.",
            lookAt = "brokers that close the channel, and with it all its locks, for a settlement they do not know")
    default void must_SETTLE_4_settlingTwiceHarmsNoOtherClaim(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);
        assertThat(pod.complete(claims.get(0))).isEqualTo(APPLIED);

        assertThat(pod.complete(claims.get(0))).isNotEqualTo(UNKNOWN);

        assertThat(pod.renew(claims.get(1))).isEqualTo(APPLIED);
        assertThat(pod.complete(claims.get(1))).isEqualTo(APPLIED);
        bench.endLocksOf(pod);
        pod.claimsNothing();
    }

    @Rule(
            value =
                    "A completion that was done and not answered is APPLIED when it is repeated while our lock would still hold: it was us.",
            lookAt = "the mark on the settlement: without it the same answer would rightly be LOST")
    default void must_SETTLE_5_aRepeatedCompletionThatWasDoneIsApplied(Bench bench) {
        bench.send("answer lost");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        Settlement first = new Complete(claim);
        assertThat(pod.settle(first)).isEqualTo(APPLIED);

        assertThat(pod.settle(first.asRepeated())).isEqualTo(APPLIED);
    }

    @Rule(
            "A retry or a release that was done and not answered is APPLIED when it is repeated and nobody has the message.")
    default void must_SETTLE_6_aRepeatedRetryOrReleaseThatWasDoneIsApplied(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);
        Settlement retry = new Retry(claims.get(0), Duration.ZERO, "it failed");
        Settlement release = new Release(claims.get(1));
        assertThat(pod.settle(retry)).isEqualTo(APPLIED);
        assertThat(pod.settle(release)).isEqualTo(APPLIED);

        assertThat(pod.settle(retry.asRepeated())).as("the retry").isEqualTo(APPLIED);
        assertThat(pod.settle(release.asRepeated())).as("the release").isEqualTo(APPLIED);

        assertThat(pod.claim(2)).extracting(Claim::attempt).contains(2);
    }

    @Rule(
            value = "A batch may be as large as what is held.",
            lookAt = "the broker's limit for a batch: cut it up inside the source")
    default void must_SETTLE_7_aBatchMayBeLarge(Bench bench) {
        bench.send(200);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(200);

        assertThat(pod.renew(claims)).containsOnly(APPLIED);
        assertThat(pod.settle(completed(claims))).containsOnly(APPLIED);

        bench.endLocksOf(pod);
        pod.claimsNothing();
    }

    @Rule("Asked about nothing, a source answers nothing.")
    default void must_SETTLE_8_nothingIsAnsweredByNothing(Bench bench) {
        Pod pod = bench.pod();

        assertThat(pod.source.renew(List.of(), bench.harness.patience())).isEmpty();
        assertThat(pod.source.settle(List.of(), bench.harness.patience())).isEmpty();
    }

    private static List<Complete> completed(List<Claim> claims) {
        return claims.stream().map(Complete::new).toList();
    }
}
