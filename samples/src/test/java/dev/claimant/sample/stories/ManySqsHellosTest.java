package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sqs.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests for SQS, played by processes on this machine against a real server. */
class ManySqsHellosTest {

    private static final Path MANIFESTS = Path.of("..", "deploy", "sqs");
    private static final Pattern GREETING = Pattern.compile("Hello \\d+!");
    private static final Pace PACE = new Pace(10);

    @TempDir
    Path folder;

    private final HelloQueue queue = new HelloQueue(TestServer.main().endpoint().toString());

    /** The producer's twenty pods send one each, in the end; here they are started one after the other by the test. */
    @Test
    void twentyProducersScaleTheConsumersFromNoneToFourAndBack() throws Exception {
        ScaledObject scaledObject = ScaledObject.read(MANIFESTS.resolve("scaledobject.yaml"));
        PodTemplate worker = PodTemplate.read(MANIFESTS.resolve("deployment.yaml"), "Deployment");
        PodTemplate producer = PodTemplate.read(MANIFESTS.resolve("producer.yaml"), "Job");
        Pods pods = queue.pods(folder, Map.of());
        try (Deployment deployment = new Deployment(
                scaledObject, worker, queue.scaler(scaledObject.triggers().get(0)), pods, PACE, news -> {})) {
            deployment.tick();
            assertThat(deployment.replicas()).isZero();

            Pod sent = pods.start(producer, "producer", "producer");
            assertThat(sent.awaitExit(Duration.ofMinutes(1))).as(sent.log()).isZero();
            queue.send(19, 5); // as its other pods do
            Story.waitUntil("all is done and nobody is left", () -> {
                deployment.tick();
                return deployment.isAtRest();
            });

            assertThat(deployment.peak()).isEqualTo(4);
            assertThat(deployment.pods()).extracting(Pod::exitCode).containsOnly(OptionalInt.of(0));
            assertThat(greetings(deployment.pods())).isEqualTo(20);
            assertThat(queue.messages()).isZero();
        }
    }

    @Test
    void aJobPerGreetingWithMessagesInFlightCounted() throws IOException {
        assertThatJobsDoAll(ScaledJob.read(MANIFESTS.resolve("scaledjob.yaml")), 15);
    }

    @Test
    void aJobPerGreetingWithMessagesInFlightNotCounted() throws IOException {
        assertThatJobsDoAll(ScaledJob.read(MANIFESTS.resolve("accurate").resolve("scaledjob.yaml")), 15);
    }

    private void assertThatJobsDoAll(ScaledJob scaledJob, int greetings) throws IOException {
        queue.send(greetings, 3);
        try (Cluster cluster = new Cluster(
                scaledJob, queue.scaler(scaledJob.triggers().get(0)), queue.pods(folder, Map.of()), PACE, news -> {})) {
            Story.waitUntil("all is done", () -> {
                cluster.tick();
                return cluster.peak() > 0 && cluster.isIdle();
            });

            assertThat(cluster.peak()).isLessThanOrEqualTo(10);
            assertThat(cluster.jobs()).allMatch(Job::isComplete);
            assertThat(greetings(new ArrayList<>(cluster.pods()))).isEqualTo(greetings);
            assertThat(queue.messages()).isZero();
        }
    }

    private static long greetings(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> GREETING.matcher(pod.log()).results())
                .count();
    }
}
