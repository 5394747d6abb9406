package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.spi.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped trigger, asked as the scaler's user, beside what the source says of itself, in every state that a greeting can be in. */
class RabbitMqScalingTest {

    private static final ScaledObject SCALED_OBJECT =
            ScaledObject.read(Path.of("..", "deploy", "rabbitmq", "workers", "scaledobject.yaml"));
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Plan PLAN = new Plan("pod", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false);

    private RabbitMqSource source;
    private Scaler scaler;

    @BeforeEach
    void connect() throws Exception {
        HelloBroker broker = new HelloBroker();
        broker.send(1, 0);
        source = RabbitMqSource.of(broker.config().build());
        source.open(PLAN, NoEvents.INSTANCE);
        scaler = broker.scaler(SCALED_OBJECT.triggers().get(0));
        awaitCounts(1);
    }

    @AfterEach
    void disconnect() {
        scaler.close();
        source.close();
    }

    @Test
    void countsAClaimedGreetingOnce() throws Exception {
        claim();

        awaitUnacknowledged(1);
        assertCounts(1);
    }

    @Test
    void countsAReleasedGreeting() throws Exception {
        Claim claim = claim();
        awaitUnacknowledged(1);
        settle(new Settlement.Release(claim));

        awaitUnacknowledged(0);
        assertCounts(1);
    }

    @Test
    void countsADelayedGreetingOnlyOnceItHasComeBack() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ofSeconds(6), "fails"));

        awaitCounts(0);
        awaitCounts(1);
    }

    @Test
    void doesNotCountADeadLetteredGreeting() throws Exception {
        settle(new Settlement.DeadLetter(claim(), "no use", "fails"));

        awaitCounts(0);
    }

    @Test
    void doesNotCountACompletedGreeting() throws Exception {
        settle(new Settlement.Complete(claim()));

        awaitCounts(0);
    }

    private Claim claim() throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(5)).get(0);
    }

    private void settle(Settlement settlement) {
        assertThat(source.settle(List.of(settlement), WITHIN)).containsExactly(Verdict.APPLIED);
        source.stopClaiming();
    }

    /** The management API is a moment behind. */
    private void awaitCounts(int expected) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertCounts(expected));
    }

    private void awaitUnacknowledged(int expected) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> source.backlog().inFlight().orElse(-1) == expected);
    }

    private void assertCounts(int expected) throws Exception {
        assertThat(source.backlog().scaler()).isEqualTo(expected);
        assertThat(scaler.read().value()).isEqualTo(expected);
    }
}
