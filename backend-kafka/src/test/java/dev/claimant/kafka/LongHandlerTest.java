package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.RetryLater;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A handler may take longer than {@code max.poll.interval.ms}, and a retry may wait longer: the thread that polls does neither. The interval is
 * 8 s here instead of five minutes, so that 19 s stand for twelve minutes.
 */
@Execution(ExecutionMode.CONCURRENT)
class LongHandlerTest {

    private static final Duration INTERVAL = Duration.ofSeconds(8);
    private static final Duration LONG = INTERVAL.multipliedBy(12).dividedBy(5);
    private static final Duration STEP = Duration.ofMillis(250);

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger tried = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aHandlerOrARetryBeyondThePollIntervalCausesNoRebalance(String protocol) throws Exception {
        try (TestTopic topic = new TestTopic(2);
                TestGroup group = new TestGroup(topic.group, topic.name);
                KafkaSource source = KafkaSource.of(topic.config(config -> config.property("group.protocol", protocol)
                        .property("max.poll.interval.ms", Long.toString(INTERVAL.toMillis()))));
                Worker worker = Worker.builder(source)
                        .slots(3)
                        .handler(this::handle)
                        .listener(new WorkerListener() {
                            @Override
                            public void lockLost(Claim claim) {
                                lost.add(claim.id());
                            }
                        })
                        .build()) {
            worker.start();
            send(topic, 0, "long");
            send(topic, 0, "retried");
            await().atMost(TestTopic.PATIENCE).until(() -> begun.get() == 1 && tried.get() == 1);
            String member = member(group);

            long end = System.nanoTime() + LONG.toNanos();
            for (int sent = 1; System.nanoTime() < end; sent++) {
                int enough = sent;
                send(topic, 1, "other");
                await().pollInterval(STEP).atMost(TestTopic.PATIENCE).until(() -> others.get() >= enough);
            }
            mayEnd.countDown();

            await().atMost(TestTopic.PATIENCE).untilAsserted(() -> {
                assertThat(tried).hasValue(2);
                assertThat(source.backlog().scaler()).isZero();
            });
            assertThat(begun).as("runs of the long one").hasValue(1);
            assertThat(lost).isEmpty();
            assertThat(member(group)).as("the member and its epoch").isEqualTo(member);
        }
    }

    private void handle(Claim claim) throws Exception {
        switch (claim.text()) {
            case "long" -> {
                begun.incrementAndGet();
                assertThat(mayEnd.await(5, TimeUnit.MINUTES)).isTrue();
            }
            case "retried" -> {
                if (tried.incrementAndGet() == 1) {
                    throw new RetryLater(LONG, "not yet");
                }
            }
            default -> others.incrementAndGet();
        }
    }

    private static void send(TestTopic topic, int partition, String text) {
        topic.send(new ProducerRecord<>(topic.name, partition, null, TestTopic.bytes(text)));
    }

    /** A member that was put out comes back with another id, or in another epoch of the group. */
    private static String member(TestGroup group) {
        return group.describe().members().stream()
                .map(member -> member.consumerId() + " in epoch " + member.memberEpoch())
                .toList()
                .toString();
    }
}
