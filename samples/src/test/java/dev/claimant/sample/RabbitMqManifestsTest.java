package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.Trigger;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        assertThat(work.rabbitMq().config()).isNotNull();
    }

    @Test
    void aWorkerHoldsNoMoreThanItsSlots() {
        assertThat(settings(deployment.at("template", "spec")).prefetch()).isZero();
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
