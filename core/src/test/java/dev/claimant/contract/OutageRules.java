package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;

/** What a source says when the broker does not answer, and how it goes on afterwards. */
interface OutageRules {

    Duration BOUND = Duration.ofMillis(300);

    @Rule("A source that cannot be reached says so when it is opened, and can be opened later.")
    default void must_OUTAGE_1_openingFailsWithoutTheBrokerAndCanBeRepeated(Bench bench) {
        Pod pod = bench.unopenedPod();
        bench.harness.cut(pod.source);

        Throwable failure = Underway.call(() -> pod.open(Pod.plan(bench.harness, null, false)))
                .fails(bench.harness);
        assertThat(failure).isInstanceOf(SourceException.class);

        bench.harness.mend(pod.source);
        pod.open(Pod.plan(bench.harness, null, false));
        String id = bench.send("after all");
        assertThat(pod.claim().id()).isEqualTo(id);
    }

    @Rule("A source that is wrongly configured reports every problem at once, each with its setting or value.")
    default void must_OUTAGE_2_openingReportsAllProblemsAtOnce(Bench bench) {
        Misconfigured wrong = bench.harness.misconfigured();
        Pod pod = bench.unopenedPod(wrong.source());

        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> pod.open(Pod.plan(bench.harness, null, false)));

        assertThat(failure).as("a ConfigurationException").isNotNull();
        assertThat(failure.problems())
                .hasSizeGreaterThanOrEqualTo(wrong.settings().size());
        assertThat(failure).hasMessageContainingAll(wrong.settings().toArray(new String[0]));
    }

    @Rule("A claim that cannot reach the broker fails: an empty list would mean that there is nothing to do.")
    default void must_OUTAGE_3_aClaimFailsWithoutTheBroker(Bench bench) {
        Pod pod = bench.pod();
        bench.harness.cut(pod.source);

        assertThat(Underway.claim(pod, 1).fails(bench.harness)).isInstanceOf(SourceException.class);
    }

    @Rule(
            value = "When the broker is there again, the same source claims again.",
            lookAt = "a connection that nobody opens anew")
    default void must_OUTAGE_4_aSourceRecovers(Bench bench) {
        Pod pod = bench.pod();
        bench.harness.cut(pod.source);
        Underway.claim(pod, 1).ends(bench.harness);

        bench.harness.mend(pod.source);
        String id = bench.send("after the outage");

        bench.eventually(() -> assertThat(claimedIfReachable(pod)).contains(id));
    }

    private static List<String> claimedIfReachable(Pod pod) {
        try {
            return pod.claimOnce(1, Duration.ofMillis(200)).stream()
                    .map(Claim::id)
                    .toList();
        } catch (SourceException e) {
            return List.of();
        }
    }

    @Rule(
            value = "A renewal that gets no answer is UNKNOWN for each claim, never LOST: the lock may well hold.",
            when = When.TIMED_LOCK)
    default void may_OUTAGE_5_aRenewalWithoutAnAnswerIsUnknown(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);
        bench.harness.cut(pod.source);

        assertThat(Underway.call(() -> pod.source.renew(claims, BOUND)).returns(bench.harness))
                .containsExactly(UNKNOWN, UNKNOWN);
    }

    @Rule(
            value =
                    "A settlement that gets no answer is not APPLIED, and does not throw: core asks again or lets the lock end.",
            when = When.CONFIRMED)
    default void may_OUTAGE_6_aSettlementWithoutAnAnswerIsNotApplied(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Settlement> settlements =
                List.copyOf(pod.claim(2).stream().map(Complete::new).toList());
        bench.harness.cut(pod.source);

        List<Verdict> verdicts =
                Underway.call(() -> pod.source.settle(settlements, BOUND)).returns(bench.harness);

        assertThat(verdicts).hasSize(2).doesNotContain(APPLIED);
        if (When.TIMED_LOCK.holdsFor(bench.capabilities)) {
            assertThat(verdicts).doesNotContain(LOST);
        }
    }

    @Rule(
            value = "Where settlements are not confirmed, one that never arrived loses no message: it comes back.",
            when = When.UNCONFIRMED)
    default void may_OUTAGE_7_anUnconfirmedSettlementThatNeverArrivedLosesNothing(Bench bench) {
        String id = bench.send("said to be done");
        Pod pod = bench.pod();
        Settlement settlement = new Complete(pod.claim());
        bench.harness.cut(pod.source);

        assertThat(Underway.call(() -> pod.source.settle(List.of(settlement), BOUND))
                        .returns(bench.harness))
                .hasSize(1);

        bench.harness.mend(pod.source);
        bench.endLocksOf(pod);
        bench.eventually(() -> assertThat(claimedIfReachable(pod)).contains(id));
    }

    @Rule(
            value = "Calls end within their bound, however long the broker is silent: core's timetable hangs on it.",
            when = When.TIMED_LOCK,
            lookAt = "clients without a time-out of their own, or with one that starts anew with every retry")
    default void may_OUTAGE_8_callsEndWithinTheirBound(Bench bench) {
        bench.send("held");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        bench.harness.mute(pod.source);

        assertThat(Underway.call(() -> pod.source.renew(List.of(claim), BOUND)).returns(bench.harness))
                .containsExactly(UNKNOWN);
    }

    @Rule(
            value =
                    "A completion whose answer got lost is UNKNOWN, then APPLIED when repeated, and the message is gone: no result is done twice.",
            when = When.TIMED_LOCK)
    default void may_OUTAGE_9_aCompletionWhoseAnswerGotLostIsRepeated(Bench bench) {
        bench.send("done once");
        Pod pod = bench.pod();
        Settlement settlement = new Complete(pod.claim());
        bench.harness.mute(pod.source);
        assertThat(pod.source.settle(List.of(settlement), BOUND)).containsExactly(UNKNOWN);

        bench.harness.mend(pod.source);

        bench.eventually(() -> assertThat(pod.settle(settlement.asRepeated())).isEqualTo(APPLIED));
        bench.endLocksOf(pod);
        bench.pod().claimsNothing();
    }

    @Rule(
            value = "A lock outlives an outage that is shorter: it is the broker's word that counts.",
            when = When.TIMED_LOCK)
    default void may_OUTAGE_10_aLockOutlivesAnOutage(Bench bench) {
        if (!bench.harness.locksOutliveConnections()) {
            throw new NotApplicable("its locks end with the connection too");
        }
        bench.send("held");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        bench.harness.cut(pod.source);
        pod.source.renew(List.of(claim), BOUND);

        bench.harness.mend(pod.source);

        bench.eventually(() -> assertThat(pod.renew(claim)).isEqualTo(APPLIED));
        assertThat(pod.complete(claim)).isEqualTo(APPLIED);
    }

    @Rule("A count that cannot reach the broker fails: zero would scale the workers away.")
    default void must_OUTAGE_11_countingFailsWithoutTheBroker(Bench bench) {
        Pod pod = bench.pod();
        bench.harness.cut(pod.source);

        assertThat(Underway.call(pod.source::backlog).fails(bench.harness)).isInstanceOf(SourceException.class);
    }

    @Rule("After the broker was restarted, all messages are there and the same source works on.")
    default void must_OUTAGE_12_aSourceOutlivesARestart(Bench bench) {
        String id = bench.send("outlives a restart");
        Pod pod = bench.pod();

        bench.harness.restart();

        bench.eventually(() -> assertThat(claimedIfReachable(pod)).contains(id));
    }
}
