package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.bytes;
import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In every state of its messages a backlog says what KEDA reads, for each trigger, and how old the oldest message is. */
class BacklogStatesTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private final TestTopic topic = new TestTopic(2, HOUR);

    @AfterEach
    void end() {
        topic.close();
    }

    private void expect(KafkaSource source, long scaler, long retries) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Backlog backlog = source.backlog();
            assertThat(topic.lag()).as("KEDA").isEqualTo(scaler);
            assertThat(backlog.scaler()).as("source").isEqualTo(scaler);
            assertThat(topic.retryLags()).as("KEDA").containsExactly(Map.entry(topic.retryTopic(HOUR), retries));
            assertThat(backlog.furtherTriggers()).as("source").isEqualTo(topic.retryLags());
        });
    }

    @Test
    void beforeTheGroupHasCommittedThePolicySaysWhatCounts() {
        topic.send(0, 3);
        KafkaSource earliest = KafkaSource.of(topic.config(config -> config));
        KafkaSource latest = KafkaSource.of(topic.config(KafkaConfig.Builder::fromLatest));

        expect(earliest, 3, 0);
        assertThat(topic.lagFromLatest()).isEqualTo(2);
        assertThat(latest.backlog().scaler()).isEqualTo(2);
        assertThat(latest.backlog().furtherTriggers()).isEqualTo(topic.retryLags());
        assertThat(latest.backlog().oldestAge()).isEmpty();

        earliest.close();
        latest.close();
    }

    @Test
    void readyClaimedDoneOutOfOrderWaitingAndDead() throws Exception {
        topic.send(0, 5);
        KafkaSource source = topic.source(config -> config);
        expect(source, 5, 0);

        List<Claim> claims = claim(source, 5);
        expect(source, 5, 0);

        complete(source, claims.subList(1, 3));
        expect(source, 5, 0);
        assertThat(source.backlog().inFlight()).hasValue(3);

        settle(source, new Retry(claims.get(0), Duration.ofMinutes(2), "it failed"));
        expect(source, 2, 1);
        assertThat(source.backlog().delayed()).hasValue(1);
        assertThat(source.backlog().ready()).hasValue(0);

        settle(source, new Retry(claims.get(3), Duration.ofSeconds(10), "it failed"));
        expect(source, 2, 1);
        assertThat(source.backlog().delayed()).hasValue(2);

        settle(source, new DeadLetter(claims.get(4), "hopeless", null));
        expect(source, 2, 1);
        assertThat(source.backlog().inFlight()).hasValue(0);
    }

    private static void settle(KafkaSource source, Settlement settlement) {
        assertThat(source.settle(List.of(settlement), PATIENCE)).containsExactly(Verdict.APPLIED);
    }

    @Test
    void aTransactionsMarkersDoNotCountWhenItsMessagesAreDone() throws Exception {
        KafkaSource source = topic.source(config -> config);
        topic.sendInTransaction(0, "message", true);
        expect(source, 2, 0);

        complete(source, claim(source, 1));

        expect(source, 0, 0);
        assertThat(source.backlog().oldestAge()).isEmpty();
    }

    @Test
    void whatRetentionHasDeletedCountsUntilAWorkerGoesOnBehindIt() throws Exception {
        KafkaSource before = topic.source(config -> config);
        topic.send(0, 1);
        complete(before, claim(before, 1));
        before.close();
        topic.send(0, 9);
        KafkaHarness.get(TestBroker.admin()
                .deleteRecords(Map.of(new TopicPartition(topic.name, 0), RecordsToDelete.beforeOffset(8)))
                .all());
        expect(before, 9, 0);

        KafkaSource next = topic.source(config -> config);

        complete(next, claim(next, 2));
        expect(next, 0, 0);
    }

    @Test
    void theOldestAgeIsThatOfTheFirstUnfinishedMessageWhereverItWaits() throws Exception {
        long now = System.currentTimeMillis();
        topic.send(new ProducerRecord<>(topic.name, 0, now - 7_200_000, null, bytes("two hours old")));
        topic.send(new ProducerRecord<>(topic.name, 1, now - 600_000, null, bytes("ten minutes old")));
        KafkaSource source = topic.source(config -> config);
        List<Claim> claims = claim(source, 2);
        claims.sort(Comparator.comparing(claim -> claim.message().enqueuedAt()));
        expectOldest(source, Duration.ofHours(2));

        settle(source, new Retry(claims.get(0), HOUR, "it failed"));
        expectOldest(source, Duration.ofHours(2));

        complete(source, claims.subList(1, 2));
        expectOldest(source, Duration.ofHours(2));
    }

    private static void expectOldest(KafkaSource source, Duration age) {
        await().atMost(PATIENCE).until(() -> source.backlog().oldestAge().isPresent());
        assertThat(source.backlog().oldestAge().orElseThrow()).isBetween(age, age.plus(Duration.ofMinutes(20)));
    }
}
