package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What KEDA reads by each shipped trigger in every state that a greeting can be in: a locked one counts as long as nobody has settled it. */
class ServiceBusScalingTest {

    private static final Path MANIFESTS = Path.of("..", "deploy", "servicebus");
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Plan PLAN = new Plan("pod", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false);

    private final HelloEntity queue = HelloEntity.queue(60);
    private final ServiceBusSource source = ServiceBusSource.of(queue.config().build());
    private final Scaler ofWorkers = queue.scaler(ScaledObject.read(MANIFESTS.resolve("workers/scaledobject.yaml"))
            .triggers()
            .get(0));
    private final Scaler ofJobs = queue.scaler(
            ScaledJob.read(MANIFESTS.resolve("jobs/scaledjob.yaml")).triggers().get(0));

    @BeforeEach
    void send() throws Exception {
        queue.send(1, 0);
        source.open(PLAN, NoEvents.INSTANCE);
    }

    @AfterEach
    void disconnect() {
        List.of(ofWorkers, ofJobs).forEach(Scaler::close);
        source.close();
        queue.close();
    }

    @Test
    void aReadyGreetingCounts() throws Exception {
        assertCounts(1);
    }

    @Test
    void aClaimedGreetingCounts() throws Exception {
        claim();

        assertCounts(1);
    }

    @Test
    void aRenewedGreetingCounts() throws Exception {
        assertThat(source.renew(List.of(claim()), WITHIN)).containsExactly(Verdict.APPLIED);

        assertCounts(1);
    }

    @Test
    void aReleasedGreetingCounts() throws Exception {
        settle(new Settlement.Release(claim()));

        assertCounts(1);
    }

    @Test
    void aGreetingThatIsTriedAgainCounts() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ZERO, "fails"));

        assertCounts(1);
    }

    @Test
    void aDeadLetteredGreetingDoesNotCount() throws Exception {
        settle(new Settlement.DeadLetter(claim(), "no use", "fails"));

        assertCounts(0);
    }

    @Test
    void aCompletedGreetingDoesNotCount() throws Exception {
        settle(new Settlement.Complete(claim()));

        assertCounts(0);
    }

    private Claim claim() throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(20)).get(0);
    }

    private void settle(Settlement settlement) {
        assertThat(source.settle(List.of(settlement), WITHIN)).containsExactly(Verdict.APPLIED);
    }

    private void assertCounts(int active) throws IOException {
        assertThat(ofWorkers.read().value()).as("workers").isEqualTo(active);
        assertThat(ofJobs.read().value()).as("Jobs").isEqualTo(active);
        assertThat(queue.messages()).isEqualTo(active);
    }
}
