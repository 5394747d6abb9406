package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** What the stories of greetings have in common, whatever brings them: the shipped manifests, played by processes on this machine. */
abstract class HelloStory {

    private static final Pattern GREETING = Pattern.compile("Hello (\\d+)!");
    private static final Pace PACE = new Pace(10);

    /** Sends what the workers are to do, once none runs. */
    interface Producing {
        void run() throws IOException, InterruptedException;
    }

    @TempDir
    Path folder;

    private final Path manifests;

    HelloStory(String source) {
        manifests = Path.of("..", "deploy", source);
    }

    abstract Scaler scaler(Trigger trigger);

    abstract Pods pods();

    /** Where the manifests are. */
    Path manifests() {
        return manifests;
    }

    /** How many replicas this machine is to bear; as many as the manifest says, unless told otherwise. */
    int most(ScaledObject scaledObject) {
        return scaledObject.maxReplicaCount();
    }

    PodTemplate pod(String manifest, String kind) {
        return PodTemplate.read(manifests().resolve(manifest), kind);
    }

    /** From none to as many as the ScaledObject allows, and back; returns the numbers of all greetings. */
    List<Integer> scaleFromNoneAndBack(Producing producing) throws IOException, InterruptedException {
        ScaledObject shipped = ScaledObject.read(manifests().resolve("workers/scaledobject.yaml"));
        ScaledObject scaledObject = shipped.withMaxReplicaCount(most(shipped));
        try (Deployment deployment = new Deployment(
                scaledObject,
                pod("workers/deployment.yaml", "Deployment"),
                List.of(scaler(scaledObject.triggers().get(0))),
                pods(),
                PACE,
                news -> {})) {
            deployment.tick();
            assertThat(deployment.replicas()).isZero();

            producing.run();
            Story.waitUntil("all is done and nobody is left", () -> {
                deployment.tick();
                return deployment.isAtRest();
            });

            assertThat(deployment.peak()).isEqualTo(scaledObject.maxReplicaCount());
            assertThat(deployment.pods()).extracting(Pod::exitCode).containsOnly(OptionalInt.of(0));
            return greetings(deployment.pods());
        }
    }

    /** By Jobs of one greeting each, never more than ten at once; returns the numbers of all greetings. */
    List<Integer> workOffByJobs(String manifest) throws IOException {
        ScaledJob scaledJob = ScaledJob.read(manifests().resolve(manifest));
        try (Cluster cluster =
                new Cluster(scaledJob, scaler(scaledJob.triggers().get(0)), pods(), PACE, news -> {})) {
            Story.waitUntil("all is done", () -> {
                cluster.tick();
                return cluster.peak() > 0 && cluster.isIdle();
            });

            assertThat(cluster.peak()).isBetween(2, 10);
            assertThat(cluster.jobs()).allMatch(Job::isComplete);
            return greetings(cluster.pods());
        }
    }

    private static List<Integer> greetings(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> GREETING.matcher(pod.log()).results())
                .map(MatchResult::group)
                .map(greeting -> Integer.valueOf(greeting.replaceAll("\\D", "")))
                .toList();
    }
}
