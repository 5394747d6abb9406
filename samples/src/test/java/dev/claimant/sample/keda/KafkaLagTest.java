package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KafkaLagTest {

    private static final Trigger KAFKA = new Trigger("kafka", Map.of(), 10, 0);

    @Test
    void aLagBeyondAllPartitionsIsCappedToOneReplicaPerPartition() {
        assertThat(KafkaLag.reported(5000, 10, 3)).isEqualTo(30);
        assertThat(replicas(3, 100, KafkaLag.reported(5000, 10, 3))).isEqualTo(3);
    }

    @Test
    void aLagJustBeyondThePartitionsSlipsThroughAndStartsOneReplicaTooMany() {
        assertThat(KafkaLag.reported(39, 10, 3)).isEqualTo(39);
        assertThat(replicas(3, 100, KafkaLag.reported(39, 10, 3))).isEqualTo(4);
    }

    @Test
    void aMaximumOfAsManyReplicasAsPartitionsClosesThatGap() {
        assertThat(replicas(3, 3, KafkaLag.reported(39, 10, 3))).isEqualTo(3);
    }

    @Test
    void theCapAndTheToleranceTogetherKeepTheLastReplicasFromStarting() {
        assertThat(replicas(59, 64, KafkaLag.reported(1_000_000, 10, 64))).isEqualTo(59);
    }

    private static int replicas(int current, int max, long reported) {
        ScaledObject object = Specs.scaledObject(0, max, Optional.of(Specs.DEFAULT_BEHAVIOR));
        return Hpa.of(current)
                .sync(object, Instant.EPOCH, current, List.of(new Reading(KAFKA, reported)))
                .replicas();
    }
}
