package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.bytes;
import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.RetryPolicy;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Failed messages wait for their next try in another topic, as what they were. */
class RetryTopicsTest {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final byte[] BINARY = {(byte) 0xff, 0x00, (byte) 0xc3, 0x28};

    private final TestTopic topic = new TestTopic(1, SHORT, HOUR);

    @AfterEach
    void end() {
        topic.close();
    }

    private KafkaSource source() {
        return source(config -> config);
    }

    /** All delays go to retry topics. */
    private KafkaSource source(UnaryOperator<KafkaConfig.Builder> change) {
        return topic.source(config -> change.apply(config.retryInPartition(Duration.ZERO)));
    }

    private static Verdict retry(KafkaSource source, Claim claim, Duration delay) {
        return source.settle(List.of(new Retry(claim, delay, "it failed")), PATIENCE)
                .get(0);
    }

    private List<ConsumerRecord<byte[], byte[]>> waiting(Duration tier) {
        return topic.read(topic.retryTopic(tier));
    }

    @Test
    void aMessageComesBackAsItWasToTheByte() throws Exception {
        ProducerRecord<byte[], byte[]> sent =
                new ProducerRecord<>(topic.name, 0, System.currentTimeMillis() - 60_000, BINARY, (byte[]) null);
        sent.headers()
                .add("binary", BINARY)
                .add("twice", bytes("1"))
                .add("twice", bytes("2"))
                .add("none", null)
                .add(Messages.IDEMPOTENCY_KEY, bytes("given"));
        topic.send(sent);
        KafkaSource source = source();
        KafkaClaim first = (KafkaClaim) claim(source, 1).get(0);

        assertThat(retry(source, first, SHORT)).isEqualTo(Verdict.APPLIED);

        KafkaClaim again = (KafkaClaim) claim(source, 1).get(0);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.expiredLocks()).isZero();
        assertThat(again.message()).usingRecursiveComparison().isEqualTo(first.message());
        assertThat(again.record().key()).isEqualTo(BINARY);
        assertThat(again.record().value()).isNull();
        assertThat(again.record().timestampType()).isEqualTo(first.record().timestampType());
        assertThat(again.record().headers().toArray())
                .extracting(Header::key)
                .containsExactly("binary", "twice", "twice", "none", Messages.IDEMPOTENCY_KEY);
        assertThat(again.record().headers().lastHeader("none").value()).isNull();
        assertThat(again.fencingNumber().getAsLong())
                .isGreaterThan(first.fencingNumber().getAsLong());
        assertThat(topic.committed(0).offset()).isEqualTo(1);
    }

    @Test
    void whatIsGivenUpAfterItWaitedNamesTheTopicThatItComesFrom() throws Exception {
        topic.send(0, 1);
        KafkaSource source = source();
        assertThat(retry(source, claim(source, 1).get(0), SHORT)).isEqualTo(Verdict.APPLIED);

        Settlement given = new DeadLetter(claim(source, 1).get(0), "hopeless", "a stack");
        assertThat(source.settle(List.of(given), PATIENCE)).containsExactly(Verdict.APPLIED);

        DeadLetters dead = new DeadLetters(topic.config(config -> config.retryInPartition(Duration.ZERO)));
        assertThat(dead.list(10)).hasSize(1);
        assertThat(dead.list(10).get(0).topic()).isEqualTo(topic.name);
        assertThat(dead.list(10).get(0).attempts()).isEqualTo(2);
        assertThat(topic.dead().get(0).headers().toArray())
                .extracting(Header::key)
                .noneMatch(name -> name.startsWith("claimant-retry-"));
        assertThat(dead.redriveAll()).isEqualTo(1);
        assertThat(claim(source, 1).get(0).attempt()).isEqualTo(1);
    }

    /** Each try by a worker of its own. */
    @Test
    void aMessageThatAlwaysFailsIsDeadAfterItsAttemptsThoughEachWorkerEnds() throws Exception {
        topic.send(0, 1);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        while (topic.dead().isEmpty()) {
            int before = attempts.size();
            KafkaSource source = KafkaSource.of(topic.config(config -> config.retryInPartition(Duration.ZERO)));
            Worker worker = Worker.builder(source)
                    .slots(1)
                    .retry(RetryPolicy.fixed(SHORT).maxAttempts(3))
                    .handler(claim -> {
                        attempts.add(claim.attempt());
                        throw new IllegalStateException("always");
                    })
                    .build();
            worker.start();
            await().atMost(PATIENCE).until(() -> attempts.size() > before);
            worker.close();
            source.close();
        }

        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(header(topic.dead().get(0), "claimant-attempt")).isEqualTo("3");
    }

    /** The copy is there and the mark is not: the worker died in between, or the broker did not answer. */
    @Test
    void aCrashBetweenTheCopyAndTheMarkLeavesOneDuplicateWithTheSameIdAndKey() throws Exception {
        topic.send(0, 1);
        KafkaConfig config = topic.config(change -> change.retryInPartition(Duration.ZERO));
        KafkaSource dying = source();
        Claim first = claim(dying, 1).get(0);
        Retry failed = new Retry(first, SHORT, "it failed");
        try (Connections connections = new Connections(config);
                Publisher publisher = new Publisher(connections::producer, PATIENCE)) {
            Queue<Verdict> answers =
                    new ArrayDeque<>(List.of(Verdict.APPLIED, Verdict.UNKNOWN, Verdict.APPLIED, Verdict.UNKNOWN));
            MessageMover mover = new MessageMover(
                    config,
                    publisher,
                    (items, within) ->
                            items.stream().map(item -> answers.remove()).toList());
            assertThat(mover.move(List.of(failed), PATIENCE)).containsExactly(Verdict.UNKNOWN);
            assertThat(mover.move(List.of(failed.asRepeated()), PATIENCE)).containsExactly(Verdict.UNKNOWN);
        }
        assertThat(waiting(SHORT)).as("copies, the settlement being repeated").hasSize(1);

        dying.close();
        KafkaSource next = source();
        List<Claim> claims = claim(next, 2);

        assertThat(claims).extracting(Claim::id).containsOnly(first.id());
        assertThat(claims)
                .extracting(claim -> claim.message().idempotencyKey())
                .containsOnly(first.message().idempotencyKey());
        complete(next, claims);
        assertThat(next.claim(1, Duration.ofMillis(300))).isEmpty();
        assertThat(next.backlog().scaler()).isZero();
    }

    @Test
    void aShortDelayStaysInThePartitionAndOthersGoOnBesideIt() throws Exception {
        topic.send(0, 2);
        KafkaSource source = topic.source(config -> config.retryInPartition(Duration.ofMillis(900)));
        List<Claim> both = claim(source, 2);

        assertThat(retry(source, both.get(0), Duration.ofMillis(900))).isEqualTo(Verdict.APPLIED);
        complete(source, both.subList(1, 2));
        topic.send(0, 1);
        Claim beside = claim(source, 1).get(0);
        complete(source, List.of(beside));
        Claim again = claim(source, 1).get(0);

        assertThat(beside.id()).isEqualTo(topic.name + "-0@2");
        assertThat(again.id()).isEqualTo(topic.name + "-0@0");
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(waiting(SHORT)).isEmpty();
    }

    /** The due time is in the commit. */
    @Test
    void theNextOwnerOfAPartitionKnowsWhatWaitsInIt() throws Exception {
        try (TestTopic hours = new TestTopic(1, HOUR)) {
            hours.send(0, 2);
            KafkaSource leaving = hours.source(config -> config.retryInPartition(Duration.ofMinutes(5)));
            List<Claim> both = claim(leaving, 2);
            assertThat(retry(leaving, both.get(0), Duration.ofMinutes(5))).isEqualTo(Verdict.APPLIED);
            complete(leaving, both.subList(1, 2));
            leaving.close();

            KafkaSource next = hours.source(config -> config.retryInPartition(Duration.ofMinutes(5)));
            hours.send(0, 1);

            assertThat(claim(next, 1).get(0).id()).isEqualTo(hours.name + "-0@2");
            assertThat(next.claim(1, Duration.ofMillis(300))).isEmpty();
            assertThat(next.backlog().delayed()).hasValue(1);
            assertThat(next.backlog().ready()).hasValue(0);
        }
    }

    @Test
    void aDelayBeyondTheLongestIsKept() throws Exception {
        try (TestTopic one = new TestTopic(1, SHORT)) {
            one.send(0, 1);
            KafkaSource source = one.source(config -> config.retryInPartition(Duration.ZERO));
            Claim first = claim(source, 1).get(0);
            long begun = System.nanoTime();

            assertThat(retry(source, first, Duration.ofSeconds(3))).isEqualTo(Verdict.APPLIED);

            assertThat(claim(source, 1).get(0).id()).isEqualTo(first.id());
            assertThat(System.nanoTime() - begun)
                    .isGreaterThan(Duration.ofMillis(2_900).toNanos());
        }
    }

    @Test
    void aMessageThatIsTooLargeForACopyWaitsWhereItIs() throws Exception {
        topic.send(new ProducerRecord<>(topic.name, 0, null, new byte[3_000]));
        KafkaSource source = source(config -> config.property("max.request.size", "3100"));

        Claim first = claim(source, 1).get(0);
        assertThat(retry(source, first, SHORT)).isEqualTo(Verdict.APPLIED);

        assertThat(claim(source, 1).get(0).attempt()).isEqualTo(2);
        assertThat(waiting(SHORT)).isEmpty();
    }

    @Test
    void aRecordThatSomebodyElsePutIntoARetryTopicIsAMessage() throws Exception {
        KafkaSource source = source();
        ProducerRecord<byte[], byte[]> foreign = new ProducerRecord<>(topic.retryTopic(HOUR), 0, null, bytes("hello"));
        foreign.headers().add("claimant-retry-due", bytes("soon"));
        topic.send(foreign);

        Claim claim = claim(source, 1).get(0);

        assertThat(claim.text()).isEqualTo("hello");
        assertThat(claim.id()).isEqualTo(topic.retryTopic(HOUR) + "-0@0");
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void eachMessageOfACallGoesWhereItsDelayIsKept() throws Exception {
        topic.send(0, 3);
        KafkaSource source = topic.source(config -> config.retryInPartition(Duration.ofMillis(900)));
        List<Claim> claims = claim(source, 3);
        List<Settlement> failures = new ArrayList<>();
        for (Duration delay : List.of(SHORT, Duration.ZERO, Duration.ofMinutes(2))) {
            failures.add(new Retry(claims.get(failures.size()), delay, "it failed"));
        }

        assertThat(source.settle(failures, PATIENCE)).containsOnly(Verdict.APPLIED);

        assertThat(waiting(SHORT))
                .extracting(r -> header(r, "claimant-retry-offset"))
                .containsExactly("0");
        assertThat(waiting(HOUR))
                .extracting(r -> header(r, "claimant-retry-offset"))
                .containsExactly("2");
        assertThat(claim(source, 2))
                .extracting(Claim::id)
                .containsExactlyInAnyOrder(topic.name + "-0@0", topic.name + "-0@1");
    }
}
