package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqsManifestsTest extends ShippedManifests {

    private final Path accurate = folder.resolve("accurate-jobs").resolve("scaledjob.yaml");

    SqsManifestsTest() {
        super("sqs", "hello");
    }

    @Test
    void messagesInFlightAreCounted() {
        assertThat(Stream.concat(scaledJob.triggers().stream(), scaledObject.triggers().stream()))
                .hasSize(2)
                .extracting(Trigger::metadata)
                .allSatisfy(metadata -> assertThat(metadata)
                        .containsEntry("scaleOnInFlight", "true")
                        .containsEntry("queueURLFromEnv", "SQS_QUEUE_URL")
                        .containsKey("awsRegion"));
    }

    @Test
    void aCountWithoutWorkInFlightGoesWithAccurateAndPodsThatAreReadyWhenTheyHaveClaimed() {
        ScaledJob other = ScaledJob.read(accurate);

        assertThat(other.strategy().kind()).isEqualTo(Kind.ACCURATE);
        assertThat(other.triggers().get(0).metadata()).containsEntry("scaleOnInFlight", "false");
        Yaml spec = Yaml.all(KubeTools.kustomize(folder.resolve("accurate-jobs"))).stream()
                .filter(document -> document.at("kind").text().equals("ScaledJob"))
                .findFirst()
                .orElseThrow()
                .at("spec");
        assertThat(spec.at("scalingStrategy", "pendingPodConditions").node()).isEqualTo(List.of("Ready"));
        assertThat(spec.at("jobTargetRef").node()).as("the Jobs are the same").isEqualTo(job.node());
    }

    @ParameterizedTest
    @MethodSource("allPodSpecs")
    void theQueueIsNamedByASecretAndNoPodHoldsAKey(Yaml pod) {
        assertThat(container(pod)
                        .at("env")
                        .named("SQS_QUEUE_URL")
                        .at("valueFrom", "secretKeyRef", "name")
                        .text())
                .isEqualTo("hello-queue");
        assertThat(environment(pod)).doesNotContainKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        assertThat(pod.at("serviceAccountName").text()).startsWith("sqs-hello");
    }

    @Test
    void withAPodIdentityThereIsNoKey() {
        Yaml withoutKeys = with("pod-identity", "TriggerAuthentication");

        assertThat(withoutKeys.at("spec").names()).containsExactly("podIdentity");
        assertThat(withoutKeys.at("spec", "podIdentity", "provider").text()).isEqualTo("aws");
    }

    @Test
    void noPolicyAllowsEverythingOrEveryQueue() throws IOException {
        try (Stream<Path> policies = Files.list(folder.resolve("iam"))) {
            assertThat(policies.toList())
                    .hasSize(5)
                    .allSatisfy(policy -> assertThat(Files.readString(policy)).doesNotContain("*"));
        }
    }

    @Test
    void noPodFollowsOneThatFailed() {
        assertThat(scaledJob.job().backoffLimit()).isZero();
        assertThat(settings(job.at("template", "spec")).job().owner()).isNull();
    }
}
