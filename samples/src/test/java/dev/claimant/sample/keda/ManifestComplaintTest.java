package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestComplaintTest {

    @TempDir
    Path folder;

    private final String scaledJob = Manifests.text("scaledjob.yaml");
    private final String scaledObject = Manifests.text("scaledobject.yaml");

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
        assertThat(scaledJob).contains(right);
        Path file = Manifests.write(folder, scaledJob.replace(right, wrong));

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

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "idleReplicaCount: 0 | spec.idleReplicaCount must be less than minReplicaCount (0), but is: 0",
                "'minReplicaCount: 1, idleReplicaCount: 1' | spec.idleReplicaCount must be less than minReplicaCount (1), but is: 1",
                "minReplicaCount: 31 | spec.minReplicaCount must be at most maxReplicaCount (30), but is: 31",
            })
    void boundsThatKedaRefusesAreRefused(String bounds, String complaint) {
        Path file = Manifests.write(folder, scaledObject.replace("minReplicaCount: 0", bounds.replace(", ", "\n  ")));

        assertThatThrownBy(() -> ScaledObject.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": " + complaint);
    }

    @Test
    void aTargetWithoutADefaultMustBeSaid() {
        Path file = Manifests.write(folder, scaledObject.replace("value: \"5\", ", ""));

        assertThatThrownBy(() -> ScaledObject.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        file + ": spec.triggers[0].metadata.value must be a number of at least 0.001, but is missing");
    }
}
