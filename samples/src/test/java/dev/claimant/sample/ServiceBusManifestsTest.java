package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceBusManifestsTest extends ShippedManifests {

    ServiceBusManifestsTest() {
        super("servicebus", "hello");
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void theWorkerReadsTheQueueThatIsCountedWithTheLockOfTheReadme(Yaml pod) {
        assertThat(environment(pod))
                .containsEntry("SERVICEBUS_LOCK_SECONDS", "60")
                .containsEntry(
                        "SERVICEBUS_QUEUE",
                        scaledObject.triggers().get(0).metadata().get("queueName"))
                .containsEntry(
                        "SERVICEBUS_QUEUE",
                        scaledJob.triggers().get(0).metadata().get("queueName"));
    }

    @Test
    void workersProducersAndKedaHaveAKeyEach() {
        Stream<String> ofPods = allPodSpecs().stream()
                .map(pod -> container(pod)
                        .at("env")
                        .named("SERVICEBUS_CONNECTION_STRING")
                        .at("valueFrom", "secretKeyRef", "name")
                        .text());

        assertThat(ofPods.distinct()).containsExactlyInAnyOrder("hello-servicebus", "hello-servicebus-producer");
        assertThat(document("TriggerAuthentication")
                        .at("spec", "secretTargetRef")
                        .items()
                        .get(0)
                        .at("name")
                        .text())
                .isEqualTo("servicebus-hello-scaler");
    }

    @Test
    void noneIsTheLeastAndNothingIsLeftIdle() {
        assertThat(scaledObject.minReplicaCount()).hasValue(0);
        assertThat(scaledObject.idleReplicaCount()).isEmpty();
    }

    @Test
    void withAPodIdentityThereIsNoKeyAndTheNamespaceIsNamed() {
        Yaml withoutKeys = with("pod-identity", "TriggerAuthentication");

        assertThat(withoutKeys.at("spec").names()).containsExactly("podIdentity");
        assertThat(withoutKeys.at("spec", "podIdentity", "provider").text()).isEqualTo("azure-workload");
        for (String kind : List.of("ScaledObject", "ScaledJob")) {
            assertThat(with("pod-identity", kind)
                            .at("spec", "triggers")
                            .items()
                            .get(0)
                            .at("metadata", "namespace")
                            .isSet())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"Deployment, template", "ScaledJob, jobTargetRef template"})
    void withAWorkloadIdentityThePodHasNoKeyAndTheLabelForAzuresWebhook(String kind, String template) {
        Yaml pod = with("workload-identity", kind).at("spec").at(template.split(" "));

        assertThat(pod.at("metadata", "labels", "azure.workload.identity/use").text())
                .isEqualTo("true");
        assertThat(environment(pod.at("spec")))
                .containsKey("SERVICEBUS_NAMESPACE")
                .doesNotContainKey("SERVICEBUS_CONNECTION_STRING")
                .containsEntry("SERVICEBUS_QUEUE", "hello");
    }

    @ParameterizedTest
    @CsvSource({"Deployment, template", "ScaledJob, jobTargetRef template"})
    void theTopicOptionReplacesTheQueueOfTheWorkerAndChangesNothingElse(String kind, String template) {
        String[] path = template.split(" ");
        Map<String, String> queue =
                environment(document(kind).at("spec").at(path).at("spec"));
        Map<String, String> topic =
                environment(withTopic(kind).at("spec").at(path).at("spec"));

        assertThat(topic)
                .containsEntry("SERVICEBUS_TOPIC", "hello")
                .containsEntry("SERVICEBUS_SUBSCRIPTION", "greeters")
                .doesNotContainKey("SERVICEBUS_QUEUE")
                .hasSize(queue.size() + 1)
                .containsAllEntriesOf(Map.of("CLAIMANT_MAX_ATTEMPTS", "5", "SERVICEBUS_LOCK_SECONDS", "60"));
        assertThat(Settings.read(topic).work())
                .isInstanceOfSatisfying(
                        ServiceBusWork.class,
                        work -> assertThat(work.serviceBus().isTopic()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"ScaledObject", "ScaledJob"})
    void theTopicOptionCountsTheSubscriptionByTheSameTarget(String kind) {
        Yaml queue = document(kind).at("spec", "triggers").items().get(0).at("metadata");
        Yaml topic = withTopic(kind).at("spec", "triggers").items().get(0).at("metadata");

        Set<String> names = new HashSet<>(queue.names());
        assertThat(names.remove("queueName")).isTrue();
        assertThat(names).allSatisfy(name -> assertThat(topic.at(name)).isEqualTo(queue.at(name)));
        names.addAll(List.of("topicName", "subscriptionName"));
        assertThat(topic.names()).isEqualTo(names);
        assertThat(topic.at("topicName").text()).isEqualTo("hello");
        assertThat(topic.at("subscriptionName").text()).isEqualTo("greeters");
    }

    private Yaml withTopic(String kind) {
        return with("topic", kind);
    }

    @Test
    void noPodFollowsOneThatFailed() {
        assertThat(scaledJob.job().backoffLimit()).isZero();
        assertThat(settings(job.at("template", "spec")).job().owner()).isNull();
    }
}
