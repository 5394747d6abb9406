package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.HelloTopic;
import dev.claimant.sample.keda.Trigger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({"Deployment, template", "ScaledJob, jobTargetRef template"})
    void theTlsOptionHasPasswordAndAuthorityInFilesAndKedaTrustsTheSame(String kind, String template) {
        Yaml pod = with("tls", kind).at("spec").at(template.split(" ")).at("spec");

        Yaml mounts = container(pod).at("volumeMounts");
        assertThat(environment(pod))
                .doesNotContainKey("KAFKA_PASSWORD")
                .containsEntry(
                        "KAFKA_PASSWORD_FILE",
                        mounts.named("login").at("mountPath").text() + "/password")
                .containsEntry(
                        "KAFKA_CA_FILE", mounts.named("tls").at("mountPath").text() + "/ca.crt");
        assertThat(with("tls", "TriggerAuthentication")
                        .at("spec", "secretTargetRef")
                        .items())
                .extracting(parameter -> parameter.at("parameter").text())
                .containsExactly("sasl", "tls", "username", "password", "ca");
    }

    @Test
    void aRetryTopicOfTheWorkerHasATriggerThatCountsItsOwnGroup() {
        Yaml worker = with("retry-topics", "Deployment").at("spec", "template", "spec");
        Kafka kafka = ((KafkaWork) settings(worker).work()).kafka();
        List<Yaml> triggers =
                with("retry-topics", "ScaledObject").at("spec", "triggers").items();

        Trigger expected = HelloTopic.retryTrigger(scaledObject.triggers().get(0));
        assertThat(triggers).hasSize(1 + kafka.retryTopics().size());
        assertThat(triggers.get(1).at("name").text())
                .isEqualTo(expected.metadata().get("topic"));
        expected.metadata()
                .forEach((key, value) -> assertThat(
                                triggers.get(1).at("metadata", key).text())
                        .as(key)
                        .isEqualTo(value));
        assertThat(kafka.retryTopics()).containsOnlyKeys(expected.metadata().get("topic"));
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
