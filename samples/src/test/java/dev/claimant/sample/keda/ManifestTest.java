package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.keda.PodFailureRule.Action;
import dev.claimant.sample.keda.PodFailureRule.Operator;
import dev.claimant.sample.keda.PodTemplate.EnvValue;
import dev.claimant.sample.keda.ScalingRules.Policy;
import dev.claimant.sample.keda.ScalingRules.Unit;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    private static final String SCALED_JOB = """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: clap
            ---
            apiVersion: keda.sh/v1alpha1
            kind: ScaledJob
            metadata:
              name: clap
            spec:
              pollingInterval: 10
              maxReplicaCount: 10
              successfulJobsHistoryLimit: 5
              failedJobsHistoryLimit: 7
              scalingStrategy:
                strategy: accurate
                pendingPodConditions: [Ready]
              jobTargetRef:
                backoffLimit: 3
                activeDeadlineSeconds: 600
                podFailurePolicy:
                  rules:
                    - action: FailJob
                      onExitCodes: {containerName: worker, operator: In, values: [78]}
                    - action: Ignore
                      onPodConditions: [{type: DisruptionTarget}]
                template:
                  spec:
                    restartPolicy: Never
                    terminationGracePeriodSeconds: 45
                    containers:
                      - name: worker
                        image: claimant-sample
                        args: [job]
                        env:
                          - {name: SOURCE, value: postgres}
                          - {name: EMPTY}
                          - name: PGPASSWORD
                            valueFrom: {secretKeyRef: {name: clap-db, key: password}}
                          - name: PGHOST
                            valueFrom: {configMapKeyRef: {name: clap, key: host}}
                          - name: OWNER
                            valueFrom:
                              fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"}
              triggers:
                - type: postgresql
                  metadata:
                    query: "SELECT 1"
                    targetQueryValue: "1"
                    activationTargetQueryValue: "2"
                  authenticationRef: {name: clap-scaler}
            """;

    private static final String SCALED_OBJECT = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata:
              name: clap
            spec:
              scaleTargetRef: {name: clap-worker}
              minReplicaCount: 0
              maxReplicaCount: 30
              cooldownPeriod: 60
              advanced:
                horizontalPodAutoscalerConfig:
                  behavior:
                    scaleDown:
                      stabilizationWindowSeconds: 120
                      policies:
                        - {type: Pods, value: 2, periodSeconds: 60}
              triggers:
                - type: rabbitmq
                  metricType: AverageValue
                  useCachedMetrics: true
                  metadata: {queueName: hello, mode: QueueLength, value: "5", hostFromEnv: HOST}
            """;

    @TempDir
    Path folder;

    @Test
    void aScaledJobSaysWhenAndHowManyJobsToCreate() {
        ScaledJob job = ScaledJob.read(file(SCALED_JOB));

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
        JobTemplate job = ScaledJob.read(file(SCALED_JOB)).job();

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
        ScaledObject object = ScaledObject.read(file(SCALED_OBJECT));

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
        ScaledObject.Behavior behavior =
                ScaledObject.read(file(SCALED_OBJECT)).behavior().orElseThrow();

        assertThat(behavior.up()).isEqualTo(ScalingRules.UP);
        assertThat(behavior.down().stabilization()).isEqualTo(Duration.ofMinutes(2));
        assertThat(behavior.down().policies()).containsExactly(new Policy(Unit.PODS, 2, Duration.ofMinutes(1)));
        assertThat(behavior.down().tolerance()).isEqualTo(0.1);
    }

    @Test
    void whatAManifestLeavesOutIsAsKedaHasIt() {
        ScaledJob job = ScaledJob.read(file(without(
                SCALED_JOB,
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
        String custom = SCALED_JOB.replace(
                "strategy: accurate", "strategy: custom\n    customScalingRunningJobPercentage: " + share);

        assertThat(ScaledJob.read(file(custom)).strategy().kind()).isEqualTo(kind);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "maxReplicaCount: 10 | maxReplicaCount: ten | spec.maxReplicaCount must be a whole number of at least 1, but is: ten",
                "pollingInterval: 10 | pollingInterval: 0 | spec.pollingInterval must be a whole number of at least 1, but is: 0",
                "strategy: accurate | strategy: keen | spec.scalingStrategy.strategy must be one of accurate, custom, default, eager, but is: keen",
                "type: postgresql | type: postgres | spec.triggers[0].type must be one of",
                "'query: \"SELECT 1\"' | other: x | spec.triggers[0].metadata.query must be text (in quotes, if it looks like a number), but is missing",
                "'targetQueryValue: \"1\"' | targetQueryValue: 1 | spec.triggers[0].metadata.targetQueryValue must be text (in quotes, if it looks like a number), but is: 1",
                "'targetQueryValue: \"1\"' | 'targetQueryValue: \"0\"' | spec.triggers[0].metadata.targetQueryValue must be a number of at least 0.001, but is: 0",
                "'targetQueryValue: \"1\"' | 'targetQueryValue: \"one\"' | spec.triggers[0].metadata.targetQueryValue must be a number, but is: one",
                "authenticationRef: {name: clap-scaler} | metricType: Value | spec.triggers[0].metricType must be left out: KEDA refuses it on a ScaledJob, but is: Value",
                "restartPolicy: Never | restartPolicy: OnFailure | spec.jobTargetRef.template.spec.restartPolicy must be Never",
                "restartPolicy: Never | dnsPolicy: Default | spec.jobTargetRef.template.spec.restartPolicy must be Never (KEDA's default is OnFailure), but is missing",
                "backoffLimit: 3 | parallelism: 2 | spec.jobTargetRef.parallelism must be 1, but is: 2",
                "action: Ignore | action: Forget | spec.jobTargetRef.podFailurePolicy.rules[1].action must be one of Count, FailJob, Ignore, but is: Forget",
                "containerName: worker | containerName: other | rules[0].onExitCodes.containerName must be worker, but is: other",
                "values: [78] | values: [x] | spec.jobTargetRef.podFailurePolicy.rules[0].onExitCodes.values[0] must be a whole number",
                "args: [job] | args: job | spec.jobTargetRef.template.spec.containers[0].args must be a list, but is: job",
                "args: [job] | 'envFrom: [{secretRef: {name: s}}]' | spec.jobTargetRef.template.spec.containers[0].envFrom must be left out",
                "image: claimant-sample | tty: true | spec.jobTargetRef.template.spec.containers[0].image must be text",
                "value: postgres | value: 5 | spec.jobTargetRef.template.spec.containers[0].env[0].value must be text",
                "'{secretKeyRef: {name: clap-db, key: password}}' | '{secretKeyRef: {name: clap-db}}' | spec.jobTargetRef.template.spec.containers[0].env[2].valueFrom.secretKeyRef.key must be text",
                "pollingInterval: 10 | 'maxReplicaCount: 3' | found duplicate key maxReplicaCount",
                "kind: ScaledJob | kind: ScaledThing | holds no ScaledJob",
            })
    void aWrongFieldIsNamedByItsPathAndItsFile(String right, String wrong, String complaint) {
        assertThat(SCALED_JOB).contains(right);
        Path file = file(SCALED_JOB.replace(right, wrong));

        assertThatThrownBy(() -> ScaledJob.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(complaint);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path absent = folder.resolve("absent.yaml");

        assertThatThrownBy(() -> ScaledJob.read(absent))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(absent + ": cannot be read");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void idleZeroBelowAMinimumOfZeroOrOneMeansTheSameAsAMinimumOfZero(int min) {
        String bounds = "minReplicaCount: " + min + "\n  idleReplicaCount: 0";
        ScaledObject object = ScaledObject.read(file(SCALED_OBJECT.replace("minReplicaCount: 0", bounds)));
        Activation active = Activation.of(Instant.EPOCH, 0).poll(object, Instant.EPOCH, 0, Specs.readings(1));

        assertThat(active.replicas()).isEqualTo(1);
        assertThat(active.poll(object, Instant.EPOCH.plusSeconds(61), 9, Specs.readings(0))
                        .replicas())
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "idleReplicaCount: 0 | spec.idleReplicaCount must be less than minReplicaCount (0), but is: 0",
                "'minReplicaCount: 1, idleReplicaCount: 1' | spec.idleReplicaCount must be less than minReplicaCount (1), but is: 1",
                "minReplicaCount: 31 | spec.minReplicaCount must be at most maxReplicaCount (30), but is: 31",
            })
    void boundsThatKedaRefusesAreRefused(String bounds, String complaint) {
        Path file = file(SCALED_OBJECT.replace("minReplicaCount: 0", bounds.replace(", ", "\n  ")));

        assertThatThrownBy(() -> ScaledObject.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": " + complaint);
    }

    @Test
    void aTargetWithoutADefaultMustBeSaid() {
        Path file = file(SCALED_OBJECT.replace("value: \"5\", ", ""));

        assertThatThrownBy(() -> ScaledObject.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        file + ": spec.triggers[0].metadata.value must be a number of at least 0.001, but is missing");
    }

    private static String without(String manifest, String... fields) {
        return manifest.lines()
                .filter(line -> Arrays.stream(fields).noneMatch(line::contains))
                .collect(Collectors.joining("\n"));
    }

    private Path file(String content) {
        try {
            return Files.writeString(folder.resolve("manifest.yaml"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
