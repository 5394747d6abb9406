package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.spi.Plan;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import dev.claimant.sqs.SqsSource;
import dev.claimant.sqs.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * What KEDA reads by each shipped trigger, beside what the source says of itself, in every state that a greeting can be in: the workers' and one
 * Job's trigger count messages in flight, the other Job's does not.
 */
class SqsScalingTest {

    private static final Path MANIFESTS = Path.of("..", "deploy", "sqs");
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Plan PLAN = new Plan("pod", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false);

    private HelloQueue queue;
    private SqsSource source;
    private Scaler ofWorkers;
    private Scaler ofJobs;
    private Scaler ofAccurateJobs;

    @BeforeEach
    void connect() throws Exception {
        queue = new HelloQueue(TestServer.main().endpoint().toString());
        queue.send(1, 0);
        source = source(Duration.ofMinutes(10));
        ofWorkers = queue.scaler(ScaledObject.read(MANIFESTS.resolve("workers/scaledobject.yaml"))
                .triggers()
                .get(0));
        ofJobs = queue.scaler(jobs("jobs/scaledjob.yaml").triggers().get(0));
        ofAccurateJobs =
                queue.scaler(jobs("accurate-jobs/scaledjob.yaml").triggers().get(0));
    }

    private SqsSource source(Duration lock) {
        SqsSource made = SqsSource.of(queue.config()
                .lockLength(lock)
                .longestPoll(Duration.ofSeconds(1))
                .build());
        made.open(PLAN, NoEvents.INSTANCE);
        return made;
    }

    private static ScaledJob jobs(String manifest) {
        return ScaledJob.read(MANIFESTS.resolve(manifest));
    }

    @AfterEach
    void disconnect() {
        List.of(ofWorkers, ofJobs, ofAccurateJobs).forEach(Scaler::close);
        source.close();
    }

    @Test
    void aReadyGreetingCounts() throws Exception {
        assertCounts(1, 1);
    }

    @Test
    void aClaimedGreetingCountsAsInFlight() throws Exception {
        claim();

        assertCounts(1, 0);
    }

    @Test
    void aRenewedGreetingCountsAsInFlight() throws Exception {
        assertThat(source.renew(List.of(claim()), WITHIN)).containsExactly(Verdict.APPLIED);

        assertCounts(1, 0);
    }

    @Test
    void aGreetingWhoseLockHasExpiredCountsAgain() throws Exception {
        try (SqsSource brief = source(Duration.ofSeconds(2))) {
            claim(brief);

            awaitCounts(1, 1);
        }
    }

    @Test
    void aReleasedGreetingCounts() throws Exception {
        settle(new Settlement.Release(claim()));

        assertCounts(1, 1);
    }

    @Test
    void aDelayedGreetingCountsAsInFlight() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ofHours(1), "fails"));

        assertCounts(1, 0);
    }

    @Test
    void aGreetingThatIsDueAgainCounts() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ofSeconds(1), "fails"));

        awaitCounts(1, 1);
    }

    @Test
    void aDeadLetteredGreetingDoesNotCount() throws Exception {
        settle(new Settlement.DeadLetter(claim(), "no use", "fails"));

        assertCounts(0, 0);
    }

    @Test
    void aCompletedGreetingDoesNotCount() throws Exception {
        settle(new Settlement.Complete(claim()));

        assertCounts(0, 0);
    }

    /** A producer's delay: a counter of its own, which no shipped trigger adds. It counts when it is due. */
    @Test
    void aGreetingThatIsSentWithADelayCountsWhenItIsDue() throws Exception {
        settle(new Settlement.Complete(claim()));
        sendIn(900);

        assertCounts(0, 0);

        sendIn(1);

        awaitCounts(1, 1);
    }

    private void sendIn(int seconds) {
        SqsConfig config = queue.config().build();
        try (SqsAsyncClient client = SqsMessages.client(config)) {
            client.sendMessage(request -> request.queueUrl(config.queueUrl())
                            .messageBody("later")
                            .delaySeconds(seconds))
                    .join();
        }
    }

    private Claim claim() throws InterruptedException {
        return claim(source);
    }

    private static Claim claim(SqsSource source) throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(20)).get(0);
    }

    private void settle(Settlement settlement) {
        assertThat(source.settle(List.of(settlement), WITHIN)).containsExactly(Verdict.APPLIED);
    }

    private void awaitCounts(int withInFlight, int without) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertCounts(withInFlight, without));
    }

    private void assertCounts(int withInFlight, int without) throws IOException {
        Backlog backlog = source.backlog();
        assertThat(ofWorkers.read().value()).as("workers").isEqualTo(withInFlight);
        assertThat(ofJobs.read().value()).as("Jobs").isEqualTo(withInFlight);
        assertThat(ofAccurateJobs.read().value()).as("accurate Jobs").isEqualTo(without);
        assertThat(backlog.scaler()).isEqualTo(withInFlight);
        assertThat(backlog.ready()).hasValue(without);
    }
}
