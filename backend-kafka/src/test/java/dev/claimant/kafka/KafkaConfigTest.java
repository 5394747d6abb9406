package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {

    @Test
    void everyProblemIsToldAtOnceByItsSetting() {
        KafkaConfig.Builder wrong = KafkaConfig.group(" ", "")
                .lockLength(Duration.ZERO)
                .revocationTimeout(Duration.ofMinutes(6))
                .maxAhead(1_001);

        assertThat(problems(wrong))
                .extracting(problem -> problem.substring(0, problem.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "bootstrapServers", "group", "topics", "lockLength", "revocationTimeout", "maxAhead");
    }

    @Test
    void retryTopicsThatCouldNotBeToldApartAreReported() {
        KafkaConfig.Builder wrong = KafkaConfig.group("localhost:9092", "group", "topic")
                .deadLetterTopic("dead")
                .retryInPartition(Duration.ofMinutes(11))
                .retryTopic(Duration.ofHours(1), "dead")
                .retryTopic(Duration.ofHours(1), "later")
                .retryTopic(Duration.ofMinutes(1), "soon");

        assertThat(problems(wrong))
                .extracting(problem -> problem.substring(0, problem.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "retryInPartition", "retryTopic dead", "retryTopic later", "retryTopic soon");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enable.auto.commit",
                "auto.offset.reset",
                "key.deserializer",
                "value.deserializer",
                "partition.assignment.strategy",
                "acks"
            })
    void whatTheSourceSetsItselfIsRefused(String property) {
        KafkaConfig.Builder wrong =
                KafkaConfig.group("localhost:9092", "group", "topic").property(property, "anything");

        assertThat(problems(wrong)).containsExactly("property " + property + ": is set by the source itself");
    }

    @Test
    void aRevocationEndsBeforeThePollIntervalThatWasSet() {
        KafkaConfig.Builder wrong = KafkaConfig.group("localhost:9092", "group", "topic")
                .property("max.poll.interval.ms", "2000")
                .revocationTimeout(Duration.ofSeconds(2));

        assertThat(problems(wrong)).hasSize(1).first().asString().startsWith("revocationTimeout: PT2S");
    }

    @Test
    void aClientThatCannotBeMadeIsAWrongSettingByName() {
        KafkaSource source = KafkaSource.of(KafkaConfig.group("localhost:1", "group", "topic")
                .property("security.protocol", "none")
                .build());

        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> source.open(TestTopic.plan(), new TestTopic.Told()));

        assertThat(failure).hasMessageContaining("security.protocol");
    }

    private static List<String> problems(KafkaConfig.Builder wrong) {
        return catchThrowableOfType(ConfigurationException.class, wrong::build).problems();
    }
}
