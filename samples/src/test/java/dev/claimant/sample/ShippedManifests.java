package dev.claimant.sample;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests of every source must say: names lead somewhere, settings are settings, numbers fit together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ShippedManifests {

    /** The longest that core waits for its own threads once all is settled. */
    private static final int LAST_MOMENTS = 2;

    final Path folder;
    final List<Yaml> documents;
    final ScaledJob scaledJob;
    final ScaledObject scaledObject;
    final Yaml job;
    final Yaml deployment;

    private final String container;

    ShippedManifests(String source, String container) {
        this.folder = Path.of("..", "deploy", source);
        this.container = container;
        this.documents = Stream.of(
                        Yaml.all(KubeTools.kustomize(folder.resolve("jobs"))),
                        Yaml.all(KubeTools.kustomize(folder.resolve("workers"))),
                        Yaml.readAll(folder))
                .flatMap(List::stream)
                .distinct() // both have the same base
                .toList();
        this.scaledJob = ScaledJob.read(folder.resolve("jobs/scaledjob.yaml"));
        this.scaledObject = ScaledObject.read(folder.resolve("workers/scaledobject.yaml"));
        this.job = document("ScaledJob").at("spec", "jobTargetRef");
        this.deployment = document("Deployment").at("spec");
    }

    List<Yaml> podSpecs() {
        return List.of(job.at("template", "spec"), deployment.at("template", "spec"));
    }

    /** Of workers and of all others. */
    List<Yaml> allPodSpecs() {
        return documents.stream()
                .flatMap(Yaml::all)
                .filter(node -> node.at("containers").isSet())
                .toList();
    }

    @Test
    void aCountOfWorkInFlightGoesWithStrategyDefault() {
        assertThat(scaledJob.strategy().kind()).isEqualTo(Kind.DEFAULT);
        assertThat(document("ScaledJob").at("spec", "rollout", "strategy").text())
                .isEqualTo("gradual");
    }

    @Test
    void everySecretKeyAndEveryNameThatIsReferredToExists() {
        Map<String, Set<String>> keys = documents("Secret")
                .collect(toMap(
                        secret -> secret.at("metadata", "name").text(),
                        secret -> secret.at("stringData").names()));
        List<Yaml> references = documents.stream().flatMap(Yaml::all).toList();

        assertThat(references)
                .filteredOn(node -> node.at("secretKeyRef").isSet())
                .isNotEmpty()
                .allSatisfy(node -> assertThat(
                                keys.get(node.at("secretKeyRef", "name").text()))
                        .contains(node.at("secretKeyRef", "key").text()));
        Yaml authentication = document("TriggerAuthentication");
        assertThat(authentication.at("spec", "secretTargetRef").items())
                .isNotEmpty()
                .allSatisfy(target -> assertThat(keys.get(target.at("name").text()))
                        .contains(target.at("key").text()));
        assertThat(references)
                .filteredOn(node -> node.at("authenticationRef").isSet())
                .hasSize(2)
                .allSatisfy(
                        node -> assertThat(node.at("authenticationRef", "name").text())
                                .isEqualTo(authentication.at("metadata", "name").text()));
        assertThat(scaledObject.scaleTarget())
                .isEqualTo(document("Deployment").at("metadata", "name").text());
        assertThat(documents("ServiceAccount")
                        .map(account -> account.at("metadata", "name").text()))
                .containsAll(allPodSpecs().stream()
                        .map(pod -> pod.at("serviceAccountName").text())
                        .toList());
    }

    /** Of Deployment, budget, policy and spread. */
    @Test
    void selectorsFindTheirPods() {
        Yaml worker = deployment.at("template");
        assertFinds(deployment.at("selector"), worker);
        assertFinds(document("PodDisruptionBudget").at("spec", "selector"), worker);
        for (Yaml template : List.of(worker, job.at("template"))) {
            assertFinds(document("NetworkPolicy").at("spec", "podSelector"), template);
            assertThat(template.at("spec", "topologySpreadConstraints").items())
                    .hasSize(2)
                    .allSatisfy(spread -> assertFinds(spread.at("labelSelector"), template));
            assertThat(template.at("metadata", "labels", "app.kubernetes.io/part-of")
                            .text())
                    .isEqualTo("claimant");
        }
    }

    private static void assertFinds(Yaml selector, Yaml template) {
        Yaml labels = template.at("metadata", "labels");
        assertThat(selector.at("matchLabels").names())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(selector.at("matchLabels", name).text())
                        .isEqualTo(labels.at(name).text()));
    }

    /** Passwords are examples in a file that nothing applies; all others are asked for by the cluster's own Secrets. */
    @Test
    void nothingThatIsAppliedHoldsASecret() {
        for (String overlay : List.of("jobs", "workers", "production")) {
            String applied = KubeTools.kustomize(folder.resolve(overlay));
            assertThat(applied).doesNotContain("EXAMPLE").doesNotContain("kind: Secret");
        }
    }

    @Test
    void inProductionTheImageIsNamedByItsDigest() {
        List<Yaml> applied = Yaml.all(KubeTools.kustomize(folder.resolve("production")));

        assertThat(applied.stream()
                        .flatMap(Yaml::all)
                        .map(node -> node.at("image"))
                        .filter(Yaml::isSet))
                .isNotEmpty()
                .allSatisfy(image -> assertThat(image.text()).contains("@sha256:"));
    }

    /** What an overlay of the workers, or of the Jobs, with this component says of the document. */
    Yaml with(String component, String kind) {
        String overlay = kind.equals("ScaledJob") ? "jobs" : "workers";
        return Yaml.all(KubeTools.kustomize(folder.resolve(overlay), folder.resolve(component))).stream()
                .filter(document -> document.at("kind").text().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReplicaIsMeantToHaveAsManyMessagesAsItHasSlots() {
        assertThat(scaledObject.triggers().get(0).target())
                .isEqualTo(number(deployment.at("template", "spec"), "CLAIMANT_SLOTS"));
        assertThat(deployment.at("replicas").isSet()).isFalse();
        Yaml trigger = document("ScaledObject").at("spec", "triggers").items().get(0);
        assertThat(trigger.at("useCachedMetrics").node()).isEqualTo(true);
    }

    @Test
    void theDeadlineOfAJobLeavesTimeForAllItsPods() {
        Duration handler = seconds(job.at("template", "spec"), "CLAIMANT_HANDLER_TIMEOUT_SECONDS");
        Duration backOffs = Duration.ofSeconds(10 + 20 + 40);

        assertThat(scaledJob.job().activeDeadline().orElseThrow())
                .isGreaterThan(handler.multipliedBy(scaledJob.job().backoffLimit() + 1L)
                        .plus(backOffs));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void thePodsGraceCoversTheDrain(Yaml pod) {
        Settings settings = settings(pod);

        assertThat(Duration.ofSeconds(pod.at("terminationGracePeriodSeconds").number()))
                .isGreaterThan(
                        settings.drainTimeout().plus(settings.flushTimeout()).plusSeconds(LAST_MOMENTS));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void theProbesAskTheManagementPort(Yaml pod) {
        Yaml container = container(pod);
        Yaml port = container.at("ports").named("management");

        assertThat(port.at("containerPort").number()).isEqualTo(settings(pod).managementPort());
        assertThat(container.at("readinessProbe", "httpGet").node())
                .isEqualTo(Map.of("path", "/readyz", "port", "management"));
        assertThat(container.at("livenessProbe", "httpGet").node())
                .isEqualTo(Map.of("path", "/livez", "port", "management"));
    }

    @ParameterizedTest
    @MethodSource("allPodSpecs")
    void thePodIsAllowedByTheRestrictedSecurityStandard(Yaml pod) {
        Yaml container = container(pod);

        assertThat(pod.at("securityContext", "runAsNonRoot").node()).isEqualTo(true);
        assertThat(pod.at("securityContext", "seccompProfile", "type").text()).isEqualTo("RuntimeDefault");
        assertThat(container.at("securityContext", "allowPrivilegeEscalation").node())
                .isEqualTo(false);
        assertThat(container.at("securityContext", "capabilities", "drop").node())
                .isEqualTo(List.of("ALL"));
        assertThat(container.at("resources", "limits", "memory").isSet()).isTrue();
    }

    /** As the worker would read it in a cluster; what it does not accept fails here. */
    @Test
    void aWorkerHoldsNoMoreThanItsSlots() {
        assertThat(settings(deployment.at("template", "spec")).prefetch()).isZero();
    }

    Settings settings(Yaml pod) {
        return Settings.read(environment(pod));
    }

    Map<String, String> environment(Yaml pod) {
        return container(pod).at("env").items().stream()
                .collect(toMap(variable -> variable.at("name").text(), this::value));
    }

    private String value(Yaml variable) {
        Yaml secret = variable.at("valueFrom", "secretKeyRef");
        if (secret.isSet()) {
            return documents("Secret")
                    .filter(document -> document.at("metadata", "name").equals(secret.at("name")))
                    .map(document ->
                            document.at("stringData", secret.at("key").text()).text())
                    .findFirst()
                    .orElseThrow();
        }
        return variable.at("valueFrom").isSet() ? "job-1" : variable.at("value").text();
    }

    int number(Yaml pod, String variable) {
        return container(pod).at("env").named(variable).at("value").number();
    }

    Duration seconds(Yaml pod, String variable) {
        return Duration.ofSeconds(number(pod, variable));
    }

    Yaml container(Yaml pod) {
        return pod.at("containers").named(container);
    }

    Yaml document(String kind) {
        return documents(kind).findFirst().orElseThrow();
    }

    private Stream<Yaml> documents(String kind) {
        return documents.stream().filter(document -> document.at("kind").text().equals(kind));
    }
}
