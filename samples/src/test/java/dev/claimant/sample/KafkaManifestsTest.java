package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.Trigger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaManifestsTest extends ShippedManifests {

    KafkaManifestsTest() {
        super("kafka", "hello");
    }

    @Test
    void theLagIsCountedFromWhereTheGroupBegins() {
        assertThat(triggers())
                .hasSize(2)
                .extracting(Trigger::metadata)
                .allSatisfy(metadata -> assertThat(metadata)
                        .containsEntry("offsetResetPolicy", "earliest")
                        .doesNotContainKeys(
                                "excludePersistentLag", "scaleToZeroOnInvalidOffset", "allowIdleConsumers"));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void theWorkerReadsTheTopicThatIsCounted(Yaml pod) {
        Kafka kafka = ((KafkaWork) settings(pod).work()).kafka();

        assertThat(triggers())
                .extracting(trigger -> trigger.metadata().get("topic"))
                .containsOnly(kafka.topic());
        assertThat(triggers())
                .extracting(trigger -> trigger.metadata().get("consumerGroup"))
                .containsOnly(kafka.group());
        assertThat(triggers())
                .extracting(trigger -> trigger.metadata().get("bootstrapServers"))
                .containsOnly(kafka.clients().get("bootstrap.servers"));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void thereAreNoMoreWorkersThanPartitions(Yaml pod) {
        int partitions = ((KafkaWork) settings(pod).work()).kafka().partitions();

        assertThat(document("ScaledObject").at("spec", "maxReplicaCount").number())
                .isEqualTo(partitions);
        assertThat(document("ScaledJob").at("spec", "maxReplicaCount").number()).isEqualTo(partitions);
    }

    @Test
    void noPodFollowsOneThatFailed() {
        assertThat(scaledJob.job().backoffLimit()).isZero();
    }

    private List<Trigger> triggers() {
        return Stream.concat(scaledJob.triggers().stream(), scaledObject.triggers().stream())
                .toList();
    }
}
