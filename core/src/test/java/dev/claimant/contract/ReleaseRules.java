package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Release;
import dev.claimant.spi.Plan;
import java.util.List;

/** How a message that was not tried comes back. */
interface ReleaseRules {

    @Rule("What is handed back untried is claimable at once, all of it.")
    default void must_RELEASE_1_whatIsReleasedIsClaimableAtOnce(Bench bench) {
        List<String> ids = bench.send(3);
        Pod pod = bench.pod();
        List<Release> releases = pod.claim(3).stream().map(Release::new).toList();

        assertThat(pod.settle(releases)).containsOnly(APPLIED);

        assertThat(bench.claimBeforeLocksExpire(pod, 3)).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Rule(
            value = "A release burns no attempt, or drains would dead-letter healthy messages.",
            when = When.RELEASE_UNCOUNTED)
    default void may_RELEASE_2_aReleaseBurnsNoAttempt(Bench bench) {
        bench.send("untried");
        Pod pod = bench.pod();

        for (int i = 0; i < 3; i++) {
            Claim claim = pod.claim();
            assertThat(claim.attempt()).as("attempt").isEqualTo(1);
            assertThat(pod.release(claim)).isEqualTo(APPLIED);
        }
    }

    @Rule(
            value =
                    "Where the broker counts a release, the attempt says so: it is the broker's limit that ends the message.",
            when = When.RELEASE_COUNTED)
    default void may_RELEASE_3_aCountedReleaseIsAnAttempt(Bench bench) {
        bench.send("untried");
        Pod pod = bench.pod();

        assertThat(pod.release(pod.claim())).isEqualTo(APPLIED);

        assertThat(pod.claim().attempt()).isEqualTo(2);
    }

    @Rule("The delivery counts how often the message was handed out; a source that does not count gives the attempt.")
    default void must_RELEASE_4_theDeliveryIsHonest(Bench bench) {
        bench.send("handed out");
        Pod pod = bench.pod();

        for (int handedOut = 1; handedOut <= 3; handedOut++) {
            Claim claim = pod.claim();
            assertThat(claim.delivery()).as("delivery").isIn(handedOut, claim.attempt());
            assertThat(pod.release(claim)).isEqualTo(APPLIED);
        }
    }

    @Rule(
            value =
                    "Where the broker counts releases, no limit of its own ends a message before core's: not before the attempts and the allowance for releases are used up.",
            when = When.RELEASE_COUNTED,
            lookAt = "the broker's delivery limit beside Plan.maxCounted")
    default void may_RELEASE_5_countedReleasesEndNoMessageEarly(Bench bench) {
        String id = bench.send("interrupted again and again");
        Plan plan = Pod.plan(bench.harness, null, false);
        Pod pod = bench.unopenedPod();
        pod.open(plan);

        for (int attempt = 1; attempt < plan.maxCounted(); attempt++) {
            assertThat(pod.release(pod.claim())).as("release %d", attempt).isEqualTo(APPLIED);
        }

        assertThat(pod.claim().id()).isEqualTo(id);
    }
}
