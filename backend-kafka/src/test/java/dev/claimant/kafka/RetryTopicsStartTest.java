package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What retry topics must be, and for whom they are used. */
class RetryTopicsStartTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final TestTopic topic = new TestTopic(2, MINUTE);

    @AfterEach
    void end() {
        topic.close();
    }

    @Test
    void everyProblemOfARetryTopicIsReportedAtOnceByItsSetting() {
        String forgetful = topic.name + "-forgetful";
        NewTopic made = new NewTopic(forgetful, 1, (short) 1)
                .configs(Map.of("retention.ms", "60000", "cleanup.policy", "compact,delete"));
        KafkaHarness.get(TestBroker.admin().createTopics(List.of(made)).all());
        TestBroker.awaitTopics(TestBroker.admin(), Set.of(forgetful));
        try (KafkaSource source =
                KafkaSource.of(topic.config(config -> config.retryTopic(Duration.ofHours(1), forgetful)
                        .retryTopic(Duration.ofHours(2), "no-such-retry-topic")))) {

            ConfigurationException failure = catchThrowableOfType(
                    ConfigurationException.class, () -> source.open(TestTopic.plan(), new TestTopic.Told()));

            assertThat(failure.problems())
                    .hasSize(4)
                    .anyMatch(problem ->
                            problem.startsWith("retryTopic no-such-retry-topic: ") && problem.contains("not exist"))
                    .anyMatch(problem -> problem.startsWith("retryTopic " + forgetful + ": has 1 partitions"))
                    .anyMatch(problem -> problem.startsWith("retryTopic " + forgetful + ": has retention.ms 60000"))
                    .anyMatch(problem -> problem.startsWith("retryTopic " + forgetful + ": has cleanup.policy"));
        } finally {
            KafkaHarness.get(TestBroker.admin().deleteTopics(Set.of(forgetful)).all());
        }
    }

    @Test
    void theSourceKeepsDelaysUnlessTheWorkerKeepsOrderOrIsAJob() {
        assertThat(retryDelay(false, false)).isEqualTo(RetryDelay.NATIVE);
        assertThat(retryDelay(true, false)).isEqualTo(RetryDelay.HELD);
        assertThat(retryDelay(false, true)).isEqualTo(RetryDelay.HELD);
    }

    private RetryDelay retryDelay(boolean ordered, boolean job) {
        try (KafkaSource source = KafkaSource.of(topic.config(config -> config))) {
            Plan plan = new Plan("worker", 8, 64, 10, null, null, MINUTE, ordered, job);
            return source.open(plan, new TestTopic.Told()).retryDelay();
        }
    }

    @Test
    void withoutRetryTopicsTheWorkerHoldsWhatFailed() {
        try (TestTopic bare = new TestTopic(1)) {
            KafkaSource source = KafkaSource.of(bare.config(config -> config));
            assertThat(source.open(TestTopic.plan(), new TestTopic.Told()).retryDelay())
                    .isEqualTo(RetryDelay.HELD);
            source.close();
        }
    }
}
