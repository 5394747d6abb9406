package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Whether the count is true in every state of a message, and is the number that KEDA reads. */
interface BacklogRules {

    String KEDA = "the scaler's query and Source.backlog() side by side: they must count the same things";

    @Rule(value = "What is ready counts.", lookAt = KEDA)
    default void must_BACKLOG_1_readyMessagesCount(Bench bench) {
        bench.send(3);

        counts(bench, bench.pod(), 3);
    }

    @Rule(
            value =
                    "What is claimed counts: a count without it takes away workers that are busy, or starts them twice.",
            lookAt = KEDA)
    default void must_BACKLOG_2_claimedMessagesCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        pod.claim();

        counts(bench, pod, bench.harness.countsClaimed() ? 1 : 0);
    }

    @Rule(value = "What is renewed counts.", lookAt = KEDA)
    default void must_BACKLOG_3_renewedMessagesCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        assertThat(pod.renew(pod.claim())).isEqualTo(APPLIED);

        counts(bench, pod, bench.harness.countsClaimed() ? 1 : 0);
    }

    @Rule(value = "What outlived its lock counts: it is work again.", lookAt = KEDA)
    default void must_BACKLOG_4_messagesWhoseLockEndedCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        pod.claim();
        bench.endLocksOf(pod);

        counts(bench, bench.pod(), 1);
    }

    @Rule(
            value = "What waits for its next try counts for the source exactly as it does for KEDA.",
            when = When.NATIVE_DELAY,
            lookAt = KEDA)
    default void may_BACKLOG_5_delayedMessagesCountAsTheyDoForKeda(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        assertThat(pod.retry(pod.claim(), bench.harness.retryDelay())).isEqualTo(APPLIED);

        bench.eventually(() -> {
            Backlog backlog = pod.source.backlog();
            assertThat(backlog.scaler()).isEqualTo(bench.harness.scaler());
            assertThat(backlog.furtherTriggers()).isEqualTo(bench.harness.furtherTriggers());
        });
    }

    @Rule(value = "What is due again counts.", when = When.NATIVE_DELAY, lookAt = KEDA)
    default void may_BACKLOG_6_messagesThatAreDueAgainCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        assertThat(pod.retry(pod.claim(), bench.harness.retryDelay())).isEqualTo(APPLIED);
        bench.passBeyond(bench.harness.retryDelay());

        counts(bench, pod, 1);
    }

    @Rule(
            value = "What is reserved counts: its Job runs, and is one of those that KEDA counts.",
            when = When.RESERVATION,
            lookAt = KEDA)
    default void may_BACKLOG_7_reservedMessagesCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.podOf("job-1");
        assertThat(pod.reserve(pod.claim())).isEqualTo(APPLIED);

        counts(bench, pod, 1);
    }

    @Rule(value = "What is given up does not count: scaling ends.", lookAt = KEDA)
    default void must_BACKLOG_8_deadMessagesDoNotCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        assertThat(pod.deadLetter(pod.claim(), "hopeless")).isEqualTo(APPLIED);

        counts(bench, pod, 0);
    }

    @Rule(value = "What is completed does not count.", lookAt = KEDA)
    default void must_BACKLOG_9_completedMessagesDoNotCount(Bench bench) {
        bench.send(1);
        Pod pod = bench.pod();
        assertThat(pod.complete(pod.claim())).isEqualTo(APPLIED);

        counts(bench, pod, 0);
    }

    @Rule(
            "Where a source knows the parts of its backlog, they are right, and it leaves out those that it does not know.")
    default void must_BACKLOG_10_thePartsAreRightWhereTheyAreKnown(Bench bench) {
        bench.send(4);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(3);
        boolean delays = When.NATIVE_DELAY.holdsFor(bench.capabilities);
        if (delays) {
            Duration delay = bench.harness.retryDelay().multipliedBy(4); // must not be over when a busy machine counts
            assertThat(pod.retry(claims.get(1), delay)).isEqualTo(APPLIED);
        }
        assertThat(pod.deadLetter(claims.get(2), "hopeless")).isEqualTo(APPLIED);

        bench.eventually(() -> {
            Backlog backlog = pod.source.backlog();
            assertThat(backlog.ready()).as("ready").isIn(unknownOr(1));
            assertThat(backlog.inFlight()).as("in flight").isIn(unknownOr(delays ? 1 : 2));
            assertThat(backlog.delayed()).as("delayed").isIn(unknownOr(delays ? 1 : 0));
            assertThat(backlog.dead()).as("dead").isIn(unknownOr(bench.capabilities.deadLetters() ? 1 : 0));
        });
    }

    private static List<OptionalLong> unknownOr(long count) {
        return List.of(OptionalLong.empty(), OptionalLong.of(count));
    }

    @Rule("The backlog can be asked for before the source is open: a metrics endpoint has no worker.")
    default void must_BACKLOG_11_theBacklogCanBeAskedForBeforeOpening(Bench bench) {
        bench.send(2);

        counts(bench, bench.unopenedPod(), 2);
    }

    /** By one of the triggers: KEDA starts workers for each of them. */
    private static void counts(Bench bench, Pod pod, long expected) {
        bench.eventually(() -> {
            Map<String, Long> further = bench.harness.furtherTriggers();
            long keda = bench.harness.scaler() + sum(further);
            assertThat(keda).as("what KEDA reads").isEqualTo(expected);
            Backlog backlog = pod.source.backlog();
            assertThat(backlog.scaler() + sum(backlog.furtherTriggers()))
                    .as("what the source says")
                    .isEqualTo(expected);
            assertThat(backlog.furtherTriggers())
                    .as("what the source says of further triggers")
                    .isEqualTo(further);
        });
    }

    private static long sum(Map<String, Long> triggers) {
        return triggers.values().stream().mapToLong(Long::longValue).sum();
    }
}
