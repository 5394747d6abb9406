package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.Trigger;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RabbitMqManifestsTest extends ShippedManifests {

    RabbitMqManifestsTest() {
        super("rabbitmq", "hello");
    }

    @Test
    void unacknowledgedMessagesAreCounted() {
        assertThat(Stream.concat(scaledJob.triggers().stream(), scaledObject.triggers().stream()))
                .hasSize(2)
                .extracting(Trigger::metadata)
                .allSatisfy(metadata -> assertThat(metadata)
                        .containsEntry("protocol", "http")
                        .containsEntry("mode", "QueueLength")
                        .containsEntry("excludeUnacknowledged", "false"));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void theWorkerReadsTheQueueThatIsCounted(Yaml pod) {
        HelloWork work = (HelloWork) settings(pod).work();

        assertThat(work.rabbitMq().queue())
                .isEqualTo(scaledObject.triggers().get(0).metadata().get("queueName"))
                .isEqualTo(scaledJob.triggers().get(0).metadata().get("queueName"));
    }

    @ParameterizedTest
    @CsvSource({"Deployment, template", "ScaledJob, jobTargetRef template"})
    void theTlsOptionMountsASecretAndTellsTheWorkerOfItsFiles(String kind, String template) {
        Yaml pod = withTls(kind).at("spec").at(template.split(" ")).at("spec");

        Yaml mount = container(pod).at("volumeMounts").named("tls");
        assertThat(pod.at("volumes").named("tls").at("secret", "secretName").text())
                .isEqualTo("hello-tls");
        assertThat(mount.at("readOnly").node()).isEqualTo(true);
        String folder = mount.at("mountPath").text();
        assertThat(environment(pod))
                .containsEntry("RABBITMQ_CA_FILE", folder + "/ca.crt")
                .containsEntry("RABBITMQ_CLIENT_CERTIFICATE_FILE", folder + "/tls.crt")
                .containsEntry("RABBITMQ_CLIENT_KEY_FILE", folder + "/tls.key")
                .containsAllEntriesOf(environment(
                        document(kind).at("spec").at(template.split(" ")).at("spec")));
    }

    private Yaml withTls(String kind) {
        Yaml patched = with("tls", kind);
        assertThat(patched).isNotEqualTo(document(kind));
        return patched;
    }

    @Test
    void longWorkEndsBeforeTheBrokerTakesItAway() {
        Settings settings = settings(job.at("template", "spec"));
        Duration consumerTimeout =
                Objects.requireNonNull(((HelloWork) settings.work()).rabbitMq().consumerTimeout());

        assertThat(settings.handlerTimeout()).isLessThan(consumerTimeout);
        assertThat(scaledJob.job().activeDeadline().orElseThrow()).isLessThan(consumerTimeout);
    }

    @Test
    void noPodFollowsOneThatFailed() {
        assertThat(scaledJob.job().backoffLimit()).isZero();
        assertThat(settings(job.at("template", "spec")).job().owner()).isNull();
    }
}
