package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.spi.Plan;
import java.util.ArrayList;
import java.util.List;

/** How a source stops claiming, and how it ends. */
interface CloseRules {

    @Rule("To stop claiming ends a claim that waits: a drain must not wait for it.")
    default void must_CLOSE_1_stoppingEndsAWaitingClaim(Bench bench) {
        Pod pod = bench.pod();
        Underway<List<Claim>> claim = Underway.claim(pod, 1);

        pod.source.stopClaiming();

        assertThat(claim.returns(bench.harness)).isEmpty();
    }

    @Rule("After stopClaiming, said as often as one likes, claims are empty whatever there is.")
    default void must_CLOSE_2_afterStoppingClaimsAreEmpty(Bench bench) {
        Pod pod = bench.pod();
        pod.source.stopClaiming();
        pod.source.stopClaiming();

        bench.send("too late");

        assertThat(pod.claimOnce(1, bench.harness.quiet())).isEmpty();
        assertThat(pod.claimOnce(1, bench.harness.quiet())).isEmpty();
    }

    @Rule("After stopClaiming, what is held can still be renewed and settled: that is what a drain does.")
    default void must_CLOSE_3_afterStoppingRenewalsAndSettlementsWork(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);

        pod.source.stopClaiming();

        assertThat(pod.renew(claims)).containsExactly(APPLIED, APPLIED);
        assertThat(pod.complete(claims.get(0))).isEqualTo(APPLIED);
        assertThat(pod.release(claims.get(1))).isEqualTo(APPLIED);
        assertThat(bench.pod().claim().id()).isEqualTo(claims.get(1).id());
    }

    @Rule(
            value =
                    "A claim that is under way when claiming stops leaves nothing locked: each message is returned, or there for others.",
            when = When.SHARED,
            lookAt = "an answer of the broker that nobody waits for any more")
    default void may_CLOSE_4_aClaimUnderWayLeavesNothingLocked(Bench bench) {
        for (int i = 0; i < bench.harness.rounds(); i++) {
            Pod pod = bench.pod();
            Underway<List<Claim>> claim = Underway.claim(pod, 1);
            String id = bench.send("in between");

            pod.source.stopClaiming();

            List<Claim> returned = claim.returns(bench.harness);
            List<Claim> end = returned.isEmpty() ? bench.claimBeforeLocksExpire(bench.pod(), 1) : returned;
            assertThat(end).extracting(Claim::id).containsExactly(id);
        }
    }

    @Rule(
            value = "What the broker sent ahead, and was not returned, goes back when claiming stops.",
            when = When.SHARED,
            lookAt = "messages in the client's buffer")
    default void may_CLOSE_5_whatWasSentAheadGoesBack(Bench bench) {
        bench.send("first");
        Pod pod = bench.pod();
        pod.claimOnce(4, bench.harness.patience());
        List<String> ahead = bench.send(3);

        pod.source.stopClaiming();

        assertThat(bench.claimBeforeLocksExpire(bench.pod(), 3))
                .extracting(Claim::id)
                .containsExactlyInAnyOrderElementsOf(ahead);
    }

    @Rule("Claiming can be stopped before the source is open: SIGTERM may come first.")
    default void must_CLOSE_6_claimingCanBeStoppedBeforeOpening(Bench bench) {
        bench.send("too late");
        Pod pod = bench.unopenedPod();
        pod.source.stopClaiming();

        pod.open(Pod.plan(bench.harness, null, false));

        assertThat(pod.claimOnce(1, bench.harness.quiet())).isEmpty();
    }

    @Rule("One worker that stops, stops no other.")
    default void must_CLOSE_7_stoppingStopsNobodyElse(Bench bench) {
        Pod stopped = bench.pod();
        Pod other = bench.pod();

        stopped.source.stopClaiming();
        String id = bench.send("for the other");

        assertThat(other.claim().id()).isEqualTo(id);
    }

    @Rule("To close ends a claim that waits, and closing twice does no harm.")
    default void must_CLOSE_8_closingEndsAWaitingClaimAndMayBeRepeated(Bench bench) {
        Pod pod = bench.pod();
        Underway<List<Claim>> claim = Underway.claim(pod, 1);

        pod.close();
        pod.close();

        claim.ends(bench.harness);
    }

    @Rule(
            value = "To close ends all connections.",
            lookAt = "a connection for another purpose, or one that was being opened")
    default void must_CLOSE_9_closingEndsAllConnections(Bench bench) {
        int before = bench.harness.connections();
        int working = When.SHARED.holdsFor(bench.capabilities) ? 3 : 1; // a partition is one worker's alone
        List<Pod> pods = new ArrayList<>();
        List<Claim> claims = new ArrayList<>(); // all before one is settled: a push broker may send the next one ahead
        for (int i = 0; i < 3; i++) {
            pods.add(bench.pod());
            if (i < working) {
                bench.send("work");
                claims.add(pods.get(i).claim());
            }
        }
        for (int i = 0; i < 3; i++) {
            if (i < working) {
                assertThat(pods.get(i).complete(claims.get(i))).isEqualTo(APPLIED);
            }
            pods.get(i).source.backlog();
        }

        pods.forEach(Pod::close);

        // An earlier source's connection may still have been ending when they were counted.
        bench.eventually(() -> assertThat(bench.harness.connections()).isLessThanOrEqualTo(before));
    }

    @Rule(
            value = "To close hands back at once what is held, where the connection is the lock.",
            when = When.CONNECTION_LOCK)
    default void may_CLOSE_10_closingHandsBackWhatTheConnectionHeld(Bench bench) {
        String id = bench.send("held");
        Pod pod = bench.pod();
        pod.claim();

        pod.close();

        assertThat(bench.pod().claim().id()).isEqualTo(id);
    }

    @Rule(
            "A source serves one worker: opened once more, or after it was closed, it refuses, for that worker would wait for ever.")
    default void must_CLOSE_11_aSourceIsOpenedOnce(Bench bench) {
        Plan plan = Pod.plan(bench.harness, null, false);
        Pod pod = bench.pod();
        Pod closed = bench.unopenedPod();
        closed.close();

        assertThatThrownBy(() -> pod.open(plan)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> closed.open(plan)).isInstanceOf(ConfigurationException.class);

        String id = bench.send("for the first worker");
        assertThat(pod.claim().id()).isEqualTo(id);
    }
}
