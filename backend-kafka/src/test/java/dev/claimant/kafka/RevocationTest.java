package dev.claimant.kafka;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A partition is taken away while its messages are being worked on. */
class RevocationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final String topic = "revocation-" + UUID.randomUUID();

    @Test
    void theWorkersOwnThreadsCanSettleWhileItIsToldOfARevocation() throws Exception {
        TestBroker.createTopics(1, topic);
        send(2);
        Worker worker = new Worker();
        try (KafkaSource source = source(PATIENCE);
                TestGroup group = new TestGroup(topic, topic)) {
            worker.source = source;
            source.open(new Plan("worker", 8, 64, 10, null, null, Duration.ofMinutes(10), false, false), worker);
            List<Claim> claims = claimTwo(source);

            group.usurp(PATIENCE);

            assertThat(worker.verdicts.get(20, TimeUnit.SECONDS)).containsExactly(APPLIED, APPLIED);
            assertThat(worker.lost).isNotDone();
            assertThat(source.backlog().scaler()).isZero();
            assertThat(source.renew(claims, PATIENCE)).containsOnly(Verdict.LOST);
        }
    }

    /** The bound is what the group waits for one slow handler, and so is what its other partitions wait. */
    @Test
    void whatIsNotDoneInTimeIsLetGoAndHasNotBurntATry() throws Exception {
        TestBroker.createTopics(1, topic);
        send(2);
        TestTopic.Told stubborn = new TestTopic.Told() {
            @Override
            public void endangered(List<Claim> claims, Duration finishWithin) {
                await().atMost(PATIENCE).until(() -> !lost.isEmpty());
            }
        };
        List<Claim> claims;
        try (KafkaSource source = source(Duration.ofSeconds(1));
                TestGroup group = new TestGroup(topic, topic)) {
            source.open(TestTopic.plan(), stubborn);
            claims = TestTopic.claim(source, 2);

            group.usurp(PATIENCE);

            assertThat(stubborn.lost).containsExactlyElementsOf(claims);
            assertThat(TestTopic.complete(source, claims)).containsOnly(Verdict.LOST);
            group.putOut("contract");
        }
        try (KafkaSource next = source(PATIENCE)) {
            next.open(TestTopic.plan(), new TestTopic.Told());
            assertThat(TestTopic.claim(next, 2)).allMatch(claim -> claim.attempt() == 1 && claim.expiredLocks() == 0);
        }
    }

    private static List<Claim> claimTwo(KafkaSource source) throws InterruptedException {
        List<Claim> claims = new java.util.ArrayList<>();
        while (claims.size() < 2) {
            claims.addAll(source.claim(2 - claims.size(), PATIENCE));
        }
        return claims;
    }

    private KafkaSource source(Duration revocationTimeout) {
        return KafkaSource.of(KafkaConfig.group(TestBroker.url(), topic, topic)
                .revocationTimeout(revocationTimeout)
                .build());
    }

    private void send(int count) throws InterruptedException, ExecutionException, TimeoutException {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                java.util.Map.of("bootstrap.servers", TestBroker.url()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, "message " + i)).get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Leaves the announcement only when another thread of its own has the verdicts. */
    private static final class Worker implements Events {
        final CompletableFuture<List<Verdict>> verdicts = new CompletableFuture<>();
        final CompletableFuture<Void> lost = new CompletableFuture<>();
        KafkaSource source =
                KafkaSource.of(KafkaConfig.group("none", "none", "none").build());

        @Override
        public void endangered(List<Claim> claims, Duration finishWithin) {
            Thread lane = new Thread(() -> verdicts.complete(
                    source.settle(List.copyOf(claims.stream().map(Complete::new).toList()), finishWithin)));
            lane.start();
            verdicts.orTimeout(20, TimeUnit.SECONDS).join();
        }

        @Override
        public void lost(List<Claim> claims) {
            lost.complete(null);
        }

        @Override
        public void wake() {}
    }
}
