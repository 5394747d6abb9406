package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One message takes long: what goes on beside it. */
@Isolated("it measures what threads of this process use")
class SlowMessageTest {

    private final TestTopic topic = new TestTopic(2);

    @AfterEach
    void end() {
        topic.close();
    }

    @Test
    void aSlowMessageStarvesNoOtherPartition() throws Exception {
        topic.send(0, 600);
        KafkaSource source = topic.source(config -> config.maxAhead(100));
        Claim slow = claim(source, 1).get(0);
        topic.send(1, 600);

        int[] done = new int[2];
        while (done[0] < 99 || done[1] < 600) {
            List<Claim> claims = source.claim(20, TestTopic.PATIENCE);
            assertThat(claims).as("claimed after %d and %d", done[0], done[1]).isNotEmpty();
            claims.forEach(c -> done[((KafkaClaim) c).record().partition()]++);
            complete(source, claims);
        }

        assertThat(done).containsExactly(99, 600);
        assertThat(source.claim(1, Duration.ofMillis(300)))
                .as("beyond the slow message's span")
                .isEmpty();
        assertThat(complete(source, List.of(slow))).containsExactly(Verdict.APPLIED);
        assertThat(claim(source, 100)).hasSize(100);
    }

    private static long heldBack(KafkaSource source) {
        return Objects.requireNonNull(source.gauges().get("partitions.held.back"))
                .getAsLong();
    }

    @Test
    void aPartitionThatIsHeldBackIsCountedUntilItGoesOn() throws Exception {
        topic.send(0, 5);
        KafkaSource source = topic.source(config -> config.maxAhead(1));
        List<Claim> slow = claim(source, 1);

        await().atMost(TestTopic.PATIENCE).until(() -> heldBack(source) == 1);

        complete(source, slow);
        complete(source, claim(source, 1));
        complete(source, claim(source, 1));
        complete(source, claim(source, 1));
        complete(source, claim(source, 1));
        await().atMost(TestTopic.PATIENCE).until(() -> heldBack(source) == 0);
    }

    @Test
    void aPartitionThatStaysFullIsReportedOnceUntilItGoesOn() {
        SpanWatch watch = new SpanWatch();
        long late = SpanWatch.WORTH_A_LINE_NANOS;

        assertThat(watch.note(true, 1)).isFalse();
        assertThat(watch.note(true, late)).isFalse();
        assertThat(watch.note(true, 1 + late)).isTrue();
        assertThat(watch.note(true, 2 * late)).as("the same time").isFalse();
        assertThat(watch.note(false, 3 * late)).isFalse();
        assertThat(watch.note(true, 4 * late)).isFalse();
        assertThat(watch.note(true, 5 * late)).as("the next time").isTrue();
    }

    @Test
    void theBacklogSaysHowMuchOfTheScalersNumberIsFinished() throws Exception {
        topic.send(0, 10);
        topic.send(1, 1);
        KafkaSource source = topic.source(config -> config);
        List<Claim> claims = claim(source, 11);
        claims.removeIf(c -> c.id().equals(topic.name + "-0@0") || c.id().equals(topic.name + "-0@5"));

        complete(source, claims);

        Backlog backlog = source.backlog();
        assertThat(backlog.scaler()).isEqualTo(10);
        assertThat(backlog.inFlight()).isEqualTo(OptionalLong.of(2));
        assertThat(backlog.ready()).isEqualTo(OptionalLong.of(0));
    }

    /** A stall of a poll, a quarter of a second, at each of them would show in the quickest ones too. */
    @Test
    void aClaimThatWaitsForRoomIsWokenByTheSettlementThatMakesIt() throws Exception {
        topic.send(0, 80);
        KafkaSource source = topic.source(config -> config.maxAhead(1));
        List<Long> rounds = new ArrayList<>();

        for (int i = 0; i < 80; i++) {
            long begun = System.nanoTime();
            List<Claim> claims = source.claim(10, TestTopic.PATIENCE);
            assertThat(claims).hasSize(1);
            complete(source, claims);
            rounds.add(System.nanoTime() - begun);
        }

        Collections.sort(rounds);
        assertThat(rounds.get(20)).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    }

    /** KAFKA-21084: the client's own poll does not wait while it has messages of paused partitions. */
    @Test
    void aWorkerThatWantsNoMoreBurnsNoProcessor() throws Exception {
        topic.send(0, 5_000);
        topic.send(1, 5_000);
        KafkaSource source = topic.source(config -> config);
        claim(source, 20);

        await().atMost(TestTopic.PATIENCE).until(() -> pollThreadLoad() < 0.3);
    }

    private static double pollThreadLoad() throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Long> ids = new ArrayList<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals("claimant-kafka-poll")) {
                ids.add(thread.getThreadId());
            }
        }
        assertThat(ids).isNotEmpty();
        long before = ids.stream().mapToLong(threads::getThreadCpuTime).sum();
        long begun = System.nanoTime();
        new CountDownLatch(1).await(1, TimeUnit.SECONDS); // the window that is measured
        long used = ids.stream().mapToLong(threads::getThreadCpuTime).sum() - before;
        return (double) used / (System.nanoTime() - begun);
    }
}
