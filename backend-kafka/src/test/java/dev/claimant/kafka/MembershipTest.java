package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a worker is a member of its group, and how it ends to be one. */
class MembershipTest {

    private static final Plan JOB = new Plan("job", 1, 1, 10, null, null, Duration.ofMinutes(10), false, true);
    private final TestTopic topic = new TestTopic(2);

    @AfterEach
    void end() {
        topic.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aStaticMemberThatDrainsLeavesAtOnce(String protocol) throws Exception {
        topic.send(0, 1);
        KafkaSource source = topic.source(
                config -> config.property("group.protocol", protocol).property("group.instance.id", "pod-0"));
        List<Claim> claims = claim(source, 1);

        source.stopClaiming();
        complete(source, claims);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(members()).isZero());
        assertThat(complete(source, claims)).as("once more").containsExactly(Verdict.LOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theGroupKnowsWhereItBeganBeforeTheFirstMessageIsDone(String protocol) {
        topic.send(0, 3);

        topic.source(config -> config.property("group.protocol", protocol));

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(List.of(
                                topic.committed(0).offset(), topic.committed(1).offset()))
                        .containsExactly(0L, 0L));
    }

    @Test
    void aMemberWhosePlaceAnotherHasTakenStopsItsWorker() {
        topic.source(config -> config.property("group.protocol", "classic").property("group.instance.id", "pod-0"));
        KafkaSource fenced = topic.source(
                config -> config.property("group.protocol", "classic").property("group.instance.id", "pod-1"));

        topic.source(config -> config.property("group.protocol", "classic").property("group.instance.id", "pod-1"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> fenced.claim(1, Duration.ofMillis(100)))
                        .isInstanceOf(Error.class)
                        .hasMessageContaining("FencedInstanceId"));
    }

    @Test
    void aTopicThatWasMadeAnewHasOtherIdempotencyKeys() throws Exception {
        topic.send(0, 1);
        KafkaSource before = topic.source(config -> config);
        Claim first = claim(before, 1).get(0);
        before.close();
        KafkaHarness.get(TestBroker.admin().deleteTopics(Set.of(topic.name)).all());
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            TestBroker.createTopics(2, topic.name);
            return true;
        });
        topic.send(0, 1);

        Claim second = claim(topic.source(config -> config), 1).get(0);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.message().idempotencyKey())
                .isNotEqualTo(first.message().idempotencyKey());
    }

    @Test
    void anotherBrokersLimitForMetadataIsKept() throws Exception {
        try (EmbeddedBroker small = EmbeddedBroker.start(Map.of("offset.metadata.max.bytes", "49"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", small.url()));
                TestTopic there = new TestTopic(small.url(), admin, 1)) {
            there.send(0, 20);
            KafkaSource source = there.source(config -> config);
            List<Claim> claims = claim(source, 7);

            assertThat(source.claim(1, Duration.ofMillis(300)))
                    .as("no room for their marks")
                    .isEmpty();
            assertThat(complete(source, claims.subList(1, 7))).containsOnly(Verdict.APPLIED);
            assertThat(there.committed(0).metadata()).matches("#[0-9a-f]{8}claimant1:0\\+1,0\\.6");
        }
    }

    /** Its idle time-out would be over before the others have given a partition up, and KEDA would start the next Job for the same message. */
    @Test
    void aJobIsOpenOnceItHasAPartition() throws Exception {
        try (TestTopic one = new TestTopic(1)) {
            one.send(0, 1);
            KafkaSource first = one.source(config -> config);
            assertThat(claim(first, 1)).hasSize(1);
            KafkaSource job = KafkaSource.of(
                    one.config(config -> config.property("client.id", "job").requestTimeout(Duration.ofMinutes(2))));
            CompletableFuture<Capabilities> opened =
                    CompletableFuture.supplyAsync(() -> job.open(JOB, new TestTopic.Told()));
            try (TestGroup group = new TestGroup(one.group, one.name)) {
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> group.describe().members().stream()
                                .anyMatch(member -> member.clientId().equals("job")));
                assertThat(opened).as("while another has the only partition").isNotDone();

                first.close();

                opened.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(claim(job, 1)).hasSize(1);
            } finally {
                job.close();
            }
        }
    }

    @Test
    void aJobThatGetsNoPartitionStartsAllTheSame() {
        try (TestTopic one = new TestTopic(1)) {
            KafkaSource first = one.source(config -> config);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> one.committed(0).offset() == 0);
            KafkaSource job = KafkaSource.of(one.config(config -> config.requestTimeout(Duration.ofSeconds(2))));

            assertThat(job.open(JOB, new TestTopic.Told()).lockLength()).isPositive();

            job.close();
            first.close();
        }
    }

    private int members() {
        return KafkaHarness.get(TestBroker.admin()
                        .describeConsumerGroups(List.of(topic.group))
                        .all())
                .values()
                .iterator()
                .next()
                .members()
                .size();
    }
}
