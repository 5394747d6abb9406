package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed is where a consumer would go on, whatever lies between the messages. */
class PositionTest {

    private final TestTopic topic = new TestTopic(1);

    @AfterEach
    void end() {
        topic.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void transactionsLeaveNoBacklogBehind(String protocol) throws Exception {
        for (int i = 0; i < 7; i++) {
            topic.sendInTransaction(0, "message " + i, i % 3 != 0);
        }
        KafkaSource source = topic.source(config -> config.property("group.protocol", protocol));

        List<Claim> claims = claim(source, 4);
        complete(source, claims);

        assertThat(claims).extracting(Claim::text).containsExactly("message 1", "message 2", "message 4", "message 5");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(source.backlog().scaler()).isZero());
    }

    @Test
    void aGroupWhoseNextMessagesAreGoneGoesOnWithTheOldestThatIsThere() throws Exception {
        topic.send(0, 10);
        KafkaSource before = topic.source(KafkaConfig.Builder::fromLatest);
        topic.send(0, 1);
        complete(before, claim(before, 1));
        before.close();
        topic.send(0, 10);
        KafkaHarness.get(TestBroker.admin()
                .deleteRecords(Map.of(new TopicPartition(topic.name, 0), RecordsToDelete.beforeOffset(15)))
                .all());

        List<Claim> claims = claim(topic.source(KafkaConfig.Builder::fromLatest), 6);

        assertThat(claims.get(0).id()).isEqualTo(topic.name + "-0@15");
    }

    /** What is left of a group that was at zero for longer than offsets.retention.minutes: nothing. */
    @Test
    void aGroupWhoseOffsetsExpiredBeginsWithTheOldestMessageAgain() throws Exception {
        topic.send(0, 3);
        KafkaSource before = topic.source(config -> config);
        complete(before, claim(before, 3));
        before.close();
        letOffsetsExpire();
        assertThat(topic.lag()).as("what KEDA counts").isEqualTo(3);

        List<Claim> again = claim(topic.source(config -> config), 3);

        assertThat(again).extracting(Claim::text).containsExactly("message 0", "message 1", "message 2");
        assertThat(again).allMatch(claim -> claim.attempt() == 1);
    }

    @Test
    void aGroupFromLatestWhoseOffsetsExpiredSkipsWhatCameMeanwhile() throws Exception {
        topic.send(0, 1);
        KafkaSource before = topic.source(KafkaConfig.Builder::fromLatest);
        awaitCommitted(1);
        before.close();
        letOffsetsExpire();
        topic.send(0, 2);

        KafkaSource after = topic.source(KafkaConfig.Builder::fromLatest);
        awaitCommitted(3);
        topic.send(0, 1);

        assertThat(claim(after, 1)).extracting(Claim::id).containsExactly(topic.name + "-0@3");
    }

    private void letOffsetsExpire() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            KafkaHarness.get(TestBroker.admin()
                    .deleteConsumerGroupOffsets(topic.group, Set.of(new TopicPartition(topic.name, 0)))
                    .all());
            return true;
        });
    }

    private void awaitCommitted(long offset) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> topic.committed(0).offset() == offset);
    }

    @Test
    void aPartitionThatIsAddedBeginsWithItsFirstMessageThoughTheGroupBeganWithTheLatest() throws Exception {
        topic.send(0, 5);
        KafkaSource source = topic.source(config -> config.fromLatest().property("metadata.max.age.ms", "500"));
        assertThat(source.claim(1, Duration.ofMillis(300))).isEmpty();
        KafkaHarness.get(TestBroker.admin()
                .createPartitions(Map.of(topic.name, NewPartitions.increaseTo(2)))
                .all());
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            topic.send(1, 2);
            return true;
        });

        assertThat(claim(source, 2)).extracting(Claim::id).contains(topic.name + "-1@0", topic.name + "-1@1");
    }

    /** A worker that dies leaves its marks: the next one repeats what was not settled, and nothing else. */
    @Test
    void whatIsDoneBeyondAStuckMessageIsNotDoneAgain() throws Exception {
        topic.send(0, 402);
        KafkaSource dying = topic.source(config -> config);
        List<Claim> claims = claim(dying, 402);
        assertThat(complete(dying, claims.subList(1, 401))).hasSize(400);
        try (TestGroup group = new TestGroup(topic.group, topic.name)) {
            KafkaSource next = topic.source(config -> config.property("client.id", "next"));
            while (!group.goesTo("next"::equals)) {
                group.putOutOthers("next");
            }

            List<Claim> repeated = claim(next, 2);

            assertThat(repeated).extracting(Claim::id).containsExactly(topic.name + "-0@0", topic.name + "-0@401");
            assertThat(repeated).allMatch(claim -> claim.attempt() == 2 && claim.expiredLocks() == 1);
            assertThat(next.claim(1, Duration.ofMillis(300))).isEmpty();
        }
    }
}
