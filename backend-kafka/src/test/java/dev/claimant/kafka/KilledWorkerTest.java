package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.ChildProcess;
import dev.claimant.Claim;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.kafka.OffsetMarks.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A worker's process ends by SIGKILL. Prints how much was done twice. */
@Isolated("it loads the whole machine")
class KilledWorkerTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private Path done = Path.of("");

    @BeforeEach
    void makeFile() throws IOException {
        done = Files.createFile(folder.resolve("done"));
    }

    private ChildProcess start(String url, TestTopic topic, String endless) throws IOException {
        return ChildProcess.start(DoomedWorker.class, url, topic.name, topic.deadTopic, done.toString(), endless);
    }

    private List<String> done() {
        try {
            return Files.readAllLines(done);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One is stuck, 400 beyond it are done and committed, and a few more are in the middle. */
    @Test
    void whatWasCommittedBeyondAStuckMessageIsNotDoneAgain() throws Exception {
        try (TestTopic topic = new TestTopic(1);
                ChildProcess doomed = start(TestBroker.url(), topic, "stuck")) {
            send(topic, "stuck", 1);
            send(topic, "message", 400);
            await().atMost(LONG).ignoreExceptions().until(() -> marks(topic, Mark::done) == 400);
            send(topic, "stuck", 10);
            await().atMost(LONG).until(() -> marks(topic, Mark::begun) == 11);

            doomed.kill();

            try (TestGroup group = new TestGroup(topic.group, topic.name)) {
                KafkaSource next = topic.source(config -> config.property("client.id", "next"));
                while (!group.goesTo("next"::equals)) {
                    group.putOutOthers("next");
                }
                List<Claim> repeated = claim(next, 11);
                assertThat(repeated).hasSize(11).allMatch(claim -> claim.text().startsWith("stuck"));
                assertThat(repeated).allMatch(claim -> claim.attempt() == 2 && claim.expiredLocks() == 1);
                assertThat(complete(next, repeated)).containsOnly(Verdict.APPLIED);
                assertThat(next.claim(1, Duration.ofMillis(300))).isEmpty();
                System.out.printf("killed: 411 messages, 400 of them done beyond the first; repeated %d%n", 11);
            }
        }
    }

    private static long marks(TestTopic topic, Predicate<Mark> which) {
        OffsetAndMetadata committed = topic.committed(0);
        return OffsetMarks.read(committed.offset(), committed.metadata()).values().stream()
                .filter(which)
                .count();
    }

    private static void send(TestTopic topic, String text, int count) {
        for (int i = 0; i < count; i++) {
            topic.send(new ProducerRecord<>(topic.name, 0, null, TestTopic.bytes(text + " " + i)));
        }
    }

    /** In the middle of its work, and the broker is restarted under the next one. */
    @Test
    void nothingIsLostWhenAWorkerIsKilledAndTheBrokerIsRestarted() throws Exception {
        int messages = 3_000;
        Set<String> byTheNext = ConcurrentHashMap.newKeySet();
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of("group.consumer.session.timeout.ms", "3000"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.url()));
                TestTopic topic = new TestTopic(broker.url(), admin, 3)) {
            for (int partition = 0; partition < 3; partition++) {
                topic.send(partition, messages / 3);
            }
            try (ChildProcess doomed = start(broker.url(), topic, "never")) {
                await().atMost(LONG).until(() -> done().size() > 500);
                doomed.kill();
            }
            int killedAt = done().size();
            KafkaSource source = KafkaSource.of(topic.config(config -> config.lockLength(Duration.ofSeconds(3))));
            try (source;
                    Worker worker = Worker.builder(source)
                            .slots(DoomedWorker.SLOTS)
                            .handler(claim -> byTheNext.add(claim.id()))
                            .build()) {
                worker.start();
                await().atMost(LONG).until(() -> byTheNext.size() > (messages - killedAt) / 2);
                broker.restart();
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> source.backlog().scaler() == 0);
            }

            Set<String> all = new HashSet<>(done());
            all.addAll(byTheNext);
            System.out.printf(
                    "killed after %d of %d messages, then the broker restarted: lost %d, repeated %d%n",
                    killedAt, messages, messages - all.size(), killedAt + byTheNext.size() - all.size());
            assertThat(all).hasSize(messages);
            assertThat(topic.dead()).isEmpty();
        }
    }
}
