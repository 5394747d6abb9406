package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyHellosTest {

    private static final Path MANIFESTS = Path.of("..", "deploy", "rabbitmq");
    private static final Pattern GREETING = Pattern.compile("Hello (\\d+)!");
    private static final Pace PACE = new Pace(10);

    @TempDir
    Path folder;

    private HelloBroker broker;

    @BeforeEach
    void createVirtualHost() {
        broker = new HelloBroker();
    }

    @Test
    void aPublisherJobScalesTheConsumersFromNoneToThirtyAndBackAndEachIsGreetedOnce() throws InterruptedException {
        ScaledObject scaledObject = ScaledObject.read(MANIFESTS.resolve("scaledobject.yaml"));
        PodTemplate worker = PodTemplate.read(MANIFESTS.resolve("deployment.yaml"), "Deployment");
        PodTemplate publisher = PodTemplate.read(MANIFESTS.resolve("publisher.yaml"), "Job");
        Pods pods = broker.pods(folder, Map.of());
        try (Deployment deployment = new Deployment(
                scaledObject, worker, broker.scaler(scaledObject.triggers().get(0)), pods, PACE, news -> {})) {
            deployment.tick();
            assertThat(deployment.replicas()).isZero();

            Pod sent = pods.start(publisher, "publisher", "publisher");
            assertThat(sent.awaitExit(Duration.ofMinutes(1))).as(sent.log()).isZero();
            Story.waitUntil("all is done and nobody is left", () -> {
                deployment.tick();
                return deployment.isAtRest();
            });

            assertThat(deployment.peak()).isEqualTo(30);
            assertThat(deployment.pods()).extracting(Pod::exitCode).containsOnly(OptionalInt.of(0));
            assertThat(greetings(deployment.pods())).containsExactlyInAnyOrderElementsOf(numbersTo(292));
        }
    }

    @Test
    void longWorkIsDoneByJobsOfOneGreetingAndNeverMoreThanTenAtOnce() throws IOException {
        ScaledJob scaledJob = ScaledJob.read(MANIFESTS.resolve("scaledjob.yaml"));
        broker.send(15, 3);
        try (Cluster cluster = new Cluster(
                scaledJob,
                broker.scaler(scaledJob.triggers().get(0)),
                broker.pods(folder, Map.of()),
                PACE,
                news -> {})) {
            Story.waitUntil("all is done", () -> {
                cluster.tick();
                return cluster.peak() > 0 && cluster.isIdle();
            });

            assertThat(cluster.peak()).isEqualTo(10);
            assertThat(cluster.jobs()).allMatch(Job::isComplete);
            assertThat(greetings(cluster.pods())).containsExactlyInAnyOrderElementsOf(numbersTo(15));
        }
    }

    private static List<Integer> greetings(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> GREETING.matcher(pod.log()).results())
                .map(MatchResult::group)
                .map(greeting -> Integer.valueOf(greeting.replaceAll("\\D", "")))
                .toList();
    }

    private static List<Integer> numbersTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }
}
