package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.claim;
import static dev.claimant.kafka.TestTopic.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic is deleted, and made anew, under a worker that runs. */
@Execution(ExecutionMode.CONCURRENT)
class RecreatedTopicTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestTopic topic = new TestTopic(1);
    private final TestTopic.Told told = new TestTopic.Told();

    @AfterEach
    void end() {
        topic.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whatWasClaimedIsLostAndTheNewTopicsMessagesAreAllDone(String protocol) throws Exception {
        topic.send(0, 5);
        KafkaSource source = topic.source(
                config -> config.property("group.protocol", protocol)
                        .property("metadata.max.age.ms", "300")
                        .property("client.id", protocol),
                told);
        List<Claim> before = claim(source, 5);
        complete(source, before.subList(0, 4));

        KafkaHarness.get(TestBroker.admin().deleteTopics(Set.of(topic.name)).all());
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            TestBroker.createTopics(1, topic.name);
            return true;
        });
        topic.send(0, 8);

        List<Claim> after = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            List<Claim> came = source.claim(20, Duration.ofMillis(200));
            complete(source, came);
            after.addAll(came);
            return texts(after).size() == 8;
        });
        assertThat(keys(after)).doesNotContainAnyElementsOf(keys(before));
        await().atMost(LONG).untilAsserted(() -> assertThat(told.lost).contains(before.get(4)));
        assertThat(complete(source, before.subList(4, 5))).containsExactly(Verdict.LOST);
        await().atMost(LONG).until(() -> {
            complete(source, source.claim(20, Duration.ofMillis(200)));
            return source.backlog().scaler() == 0;
        });
    }

    /** On the classic protocol some come twice: they were taken for the old topic's. */
    private static Set<String> texts(List<Claim> claims) {
        return claims.stream().map(Claim::text).collect(Collectors.toSet());
    }

    private static Set<String> keys(List<Claim> claims) {
        Set<String> keys = new HashSet<>();
        claims.forEach(claim -> keys.add(claim.message().idempotencyKey()));
        return keys;
    }
}
