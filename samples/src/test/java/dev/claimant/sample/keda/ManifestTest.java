package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.PodFailureRule.Action;
import dev.claimant.sample.keda.PodFailureRule.Operator;
import dev.claimant.sample.keda.PodTemplate.EnvValue;
import dev.claimant.sample.keda.ScalingRules.Policy;
import dev.claimant.sample.keda.ScalingRules.Unit;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    @TempDir
    Path folder;

    private final String scaledJob = Manifests.text("scaledjob.yaml");
    private final String scaledObject = Manifests.text("scaledobject.yaml");

    @Test
    void aScaledJobSaysWhenAndHowManyJobsToCreate() {
        ScaledJob job = ScaledJob.read(Manifests.write(folder, scaledJob));

        assertThat(job.name()).isEqualTo("clap");
        assertThat(job.pollingInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(job.minReplicaCount()).isZero();
        assertThat(job.maxReplicaCount()).hasValue(10);
        assertThat(job.successfulJobsHistoryLimit()).isEqualTo(5);
        assertThat(job.failedJobsHistoryLimit()).isEqualTo(7);
        assertThat(job.strategy()).isEqualTo(Specs.strategy(Kind.ACCURATE, "Ready"));
        assertThat(job.triggers()).singleElement().satisfies(trigger -> {
            assertThat(trigger.type()).isEqualTo("postgresql");
            assertThat(trigger.target()).isEqualTo(1);
            assertThat(trigger.activation()).isEqualTo(2);
            assertThat(trigger.metadata()).containsEntry("query", "SELECT 1");
        });
    }

    @Test
    void aScaledJobSaysWhatEachJobRuns() {
        JobTemplate job = ScaledJob.read(Manifests.write(folder, scaledJob)).job();

        assertThat(job.backoffLimit()).isEqualTo(3);
        assertThat(job.activeDeadline()).contains(Duration.ofMinutes(10));
        assertThat(job.podFailurePolicy())
                .containsExactly(
                        new PodFailureRule(Action.FAIL_JOB, Operator.IN, Set.of(78), Set.of()),
                        new PodFailureRule(Action.IGNORE, Operator.IN, Set.of(), Set.of("DisruptionTarget")));
        assertThat(job.pod().image()).isEqualTo("claimant-sample");
        assertThat(job.pod().command()).isEmpty();
        assertThat(job.pod().args()).containsExactly("job");
        assertThat(job.pod().terminationGracePeriod()).isEqualTo(Duration.ofSeconds(45));
        assertThat(job.pod().env())
                .containsEntry("SOURCE", new EnvValue.Literal("postgres"))
                .containsEntry("EMPTY", new EnvValue.Literal(""))
                .containsEntry("PGPASSWORD", new EnvValue.SecretKey("clap-db", "password"))
                .containsEntry("PGHOST", new EnvValue.ConfigMapKey("clap", "host"))
                .containsEntry("OWNER", new EnvValue.PodField("metadata.labels['batch.kubernetes.io/job-name']"));
    }

    @Test
    void aScaledObjectSaysHowManyReplicasThereMayBe() {
        ScaledObject object = ScaledObject.read(Manifests.write(folder, scaledObject));

        assertThat(object.scaleTarget()).isEqualTo("clap-worker");
        assertThat(object.minReplicaCount()).hasValue(0);
        assertThat(object.maxReplicaCount()).isEqualTo(30);
        assertThat(object.pollingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(object.cooldownPeriod()).isEqualTo(Duration.ofSeconds(60));
        assertThat(object.triggers())
                .singleElement()
                .extracting(Trigger::target)
                .isEqualTo(5.0);
    }

    @Test
    void whatABehaviorLeavesOutIsAsKubernetesHasIt() {
        ScaledObject.Behavior behavior = ScaledObject.read(Manifests.write(folder, scaledObject))
                .behavior()
                .orElseThrow();

        assertThat(behavior.up()).isEqualTo(ScalingRules.UP);
        assertThat(behavior.down().stabilization()).isEqualTo(Duration.ofMinutes(2));
        assertThat(behavior.down().policies()).containsExactly(new Policy(Unit.PODS, 2, Duration.ofMinutes(1)));
        assertThat(behavior.down().tolerance()).isEqualTo(0.1);
    }

    @Test
    void whatAManifestLeavesOutIsAsKedaHasIt() {
        ScaledJob job = ScaledJob.read(Manifests.write(
                folder,
                without(
                        scaledJob,
                        "pollingInterval",
                        "maxReplicaCount",
                        "HistoryLimit",
                        "strategy",
                        "pendingPod",
                        "backoffLimit",
                        "activeDeadline",
                        "activationTarget",
                        "terminationGrace")));

        assertThat(job.pollingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(job.maxReplicaCount()).isEqualTo(OptionalInt.empty());
        assertThat(job.successfulJobsHistoryLimit()).isEqualTo(100);
        assertThat(job.failedJobsHistoryLimit()).isEqualTo(100);
        assertThat(job.strategy().kind()).isEqualTo(Kind.DEFAULT);
        assertThat(job.triggers().get(0).activation()).isZero();
        assertThat(job.job().backoffLimit()).isEqualTo(6);
        assertThat(job.job().activeDeadline()).isEmpty();
        assertThat(job.job().pod().terminationGracePeriod()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"'\"0.5\"', CUSTOM", "'\"half\"', DEFAULT", "'', DEFAULT"})
    void customWithoutAUsableShareOfRunningJobsIsDefault(String share, Kind kind) {
        String custom = scaledJob.replace(
                "strategy: accurate", "strategy: custom\n    customScalingRunningJobPercentage: " + share);

        assertThat(ScaledJob.read(Manifests.write(folder, custom)).strategy().kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void idleZeroBelowAMinimumOfZeroOrOneMeansTheSameAsAMinimumOfZero(int min) {
        String bounds = "minReplicaCount: " + min + "\n  idleReplicaCount: 0";
        ScaledObject object =
                ScaledObject.read(Manifests.write(folder, scaledObject.replace("minReplicaCount: 0", bounds)));
        Activation active = Activation.of(Instant.EPOCH, 0).poll(object, Instant.EPOCH, 0, Specs.readings(1));

        assertThat(active.replicas()).isEqualTo(1);
        assertThat(active.poll(object, Instant.EPOCH.plusSeconds(61), 9, Specs.readings(0))
                        .replicas())
                .isZero();
    }

    private static String without(String manifest, String... fields) {
        return manifest.lines()
                .filter(line -> Arrays.stream(fields).noneMatch(line::contains))
                .collect(Collectors.joining("\n"));
    }
}
