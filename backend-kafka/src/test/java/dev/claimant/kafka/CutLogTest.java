package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.SourceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A broker comes back with an older state of its logs, as after an unclean election of a leader: what was written last is gone, and other messages
 * take its offsets.
 */
@Isolated("it starts a broker of its own, three times")
class CutLogTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int KEPT = 5;
    private static final int GONE = 5;
    private static final int NEW = 8;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whatComesAfterTheCutIsAllDoneAndNothingElseAgain(@TempDir Path copies) throws Exception {
        try (BrokerProcess broker = new BrokerProcess(EmbeddedBroker.quickGroups());
                TestTopic classic = new TestTopic(broker.url(), broker.admin(), 1);
                TestTopic consumer = new TestTopic(broker.url(), broker.admin(), 1)) {
            List<TestTopic> topics = List.of(classic, consumer);
            topics.forEach(topic -> topic.send(0, KEPT));
            broker.kill();
            for (TestTopic topic : topics) {
                copy(broker.log(topic.name, 0), copies.resolve(topic.name));
            }
            broker.startAgain();
            topics.forEach(topic -> topic.send(0, GONE));
            Working onClassic = new Working(classic, "classic");
            Working onConsumer = new Working(consumer, "consumer");

            broker.kill();
            for (TestTopic topic : topics) {
                replace(broker.log(topic.name, 0), copies.resolve(topic.name));
            }
            broker.startAgain();
            topics.forEach(topic -> topic.send(0, NEW));

            onClassic.seeTheRest();
            onConsumer.seeTheRest();
        }
    }

    /** A worker under which the log is cut: one message before the cut and one after it are not finished. */
    private static final class Working {
        private final TestTopic topic;
        private final TestTopic.Told told = new TestTopic.Told();
        private final KafkaSource source;
        private final List<Claim> before;

        Working(TestTopic topic, String protocol) throws InterruptedException {
            this.topic = topic;
            source = topic.source(config -> config.property("group.protocol", protocol), told);
            before = claim(source, KEPT + GONE);
            List<Claim> done = new ArrayList<>(before);
            done.removeAll(List.of(before.get(2), before.get(8)));
            complete(source, done);
        }

        void seeTheRest() throws InterruptedException {
            List<String> expected = ids(topic, 2, 3);
            expected.addAll(ids(topic, KEPT, KEPT + NEW));

            List<Claim> after = claimAll(source, expected.size());

            assertThat(after).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(after).allMatch(claim -> claim.attempt() == 1);
            assertThat(told.lost).containsExactlyInAnyOrder(before.get(2), before.get(8));
            assertThat(keys(after)).contains(keys(before).get(2));
            assertThat(keys(after)).doesNotContainAnyElementsOf(keys(before.subList(KEPT, before.size())));
            complete(source, after);
            await().atMost(LONG).until(() -> topic.committed(0).offset() == KEPT + NEW);
        }
    }

    private static List<Claim> claimAll(KafkaSource source, int count) throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        await().atMost(LONG).ignoreExceptionsInstanceOf(SourceException.class).until(() -> {
            claims.addAll(source.claim(count, Duration.ofMillis(500)));
            return claims.size() >= count;
        });
        assertThat(source.claim(1, Duration.ofMillis(300))).isEmpty();
        return claims;
    }

    private static List<String> ids(TestTopic topic, long from, long to) {
        return new ArrayList<>(LongStream.range(from, to)
                .mapToObj(offset -> topic.name + "-0@" + offset)
                .toList());
    }

    private static List<String> keys(List<Claim> claims) {
        return claims.stream().map(claim -> claim.message().idempotencyKey()).toList();
    }

    private static void replace(Path log, Path older) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        copy(older, log);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
