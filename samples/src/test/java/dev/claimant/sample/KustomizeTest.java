package dev.claimant.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.check.CheckCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every base, overlay and component in deploy, as kustomize builds them. */
class KustomizeTest {

    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final List<String> SOURCES = List.of("postgres", "rabbitmq", "sqs", "kafka", "servicebus");

    static List<Path> overlays() throws IOException {
        return kustomizations("Kustomization");
    }

    /** Those of one source. */
    static List<Path> components() throws IOException {
        return kustomizations("Component").stream()
                .filter(component -> SOURCES.stream().anyMatch(source -> component.startsWith(DEPLOY.resolve(source))))
                .toList();
    }

    private static List<Path> kustomizations(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .filter(file -> isOf(kind, file))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOf(String kind, Path file) {
        try {
            return Yaml.all(Files.readString(file)).get(0).at("kind").text().equals(kind);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatKustomizeBuildsIsSound(Path overlay) throws IOException {
        assertSound(KubeTools.kustomize(overlay));
    }

    @ParameterizedTest
    @MethodSource("components")
    void aComponentGoesWithTheWorkersAndWithTheJobs(Path component) throws IOException {
        for (String overlay : List.of("workers", "jobs")) {
            assertSound(KubeTools.kustomize(component.resolveSibling(overlay), component));
        }
    }

    /** An overlay that names them in another order must not lose anything. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq", "sqs", "kafka", "servicebus"})
    void theOrderOfComponentsDoesNotMatter(String source) throws IOException {
        List<Path> components = new ArrayList<>(components());
        components.removeIf(component -> !component.startsWith(DEPLOY.resolve(source)));
        components.add(DEPLOY.resolve("platform/deletion-cost"));
        List<Path> reversed = new ArrayList<>(components);
        Collections.reverse(reversed);
        Path workers = DEPLOY.resolve(source).resolve("workers");

        String manifests = KubeTools.kustomize(workers, components.toArray(Path[]::new));

        assertSound(manifests);
        assertThat(KubeTools.kustomize(workers, reversed.toArray(Path[]::new)).lines())
                .containsExactlyInAnyOrderElementsOf(manifests.lines().toList());
    }

    /** A namePrefix is what an overlay for one environment often begins with. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq", "sqs", "kafka", "servicebus"})
    void aNamePrefixRenamesReferencesWithWhatTheyReferTo(String source) throws IOException {
        for (String overlay : List.of("workers", "jobs")) {
            String manifests =
                    KubeTools.kustomizeWith(DEPLOY.resolve(source).resolve(overlay), "namePrefix: staging-\n");

            assertSound(manifests);
            List<Yaml> documents = Yaml.all(manifests);
            Yaml scaled = ofKind(documents, overlay.equals("jobs") ? "ScaledJob" : "ScaledObject");
            assertThat(scaled.at("spec", "triggers").items().get(0).at("authenticationRef", "name"))
                    .isEqualTo(ofKind(documents, "TriggerAuthentication").at("metadata", "name"));
            Yaml pod = overlay.equals("jobs")
                    ? scaled.at("spec", "jobTargetRef", "template", "spec")
                    : ofKind(documents, "Deployment").at("spec", "template", "spec");
            assertThat(documents.stream()
                            .filter(document -> document.at("kind").text().equals("ServiceAccount"))
                            .map(account -> account.at("metadata", "name")))
                    .contains(pod.at("serviceAccountName"));
            if (overlay.equals("workers")) {
                assertThat(scaled.at("spec", "scaleTargetRef", "name"))
                        .isEqualTo(ofKind(documents, "Deployment").at("metadata", "name"));
            }
        }
    }

    /** Its name ends with a hash of what it holds, and pods and KEDA must ask for that one. */
    @Test
    void aGeneratedSecretIsFoundByWhatRefersToIt() throws IOException {
        for (String overlay : List.of("workers", "jobs")) {
            String manifests = KubeTools.kustomizeWith(
                    DEPLOY.resolve("rabbitmq").resolve(overlay),
                    "secretGenerator: [{name: hello-rabbitmq, literals: [url=amqp://x]}, "
                            + "{name: rabbitmq-hello-scaler, literals: [host=http://x]}]\n");

            assertThat(manifests).doesNotContainPattern("name: hello-rabbitmq\\n");
            assertThat(ofKind(Yaml.all(manifests), "TriggerAuthentication")
                            .at("spec", "secretTargetRef")
                            .items()
                            .get(0)
                            .at("name")
                            .text())
                    .startsWith("rabbitmq-hello-scaler-");
        }
    }

    private static void assertSound(String manifests) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int exitCode = CheckCommand.run(
                new Arguments(List.of("-f", "-")),
                new ByteArrayInputStream(manifests.getBytes(UTF_8)),
                new PrintStream(printed, true, UTF_8));

        assertThat(exitCode).as(printed.toString(UTF_8)).isZero();
        assertThat(printed.toString(UTF_8)).contains(" findings=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq", "sqs", "kafka", "servicebus"})
    void workersThatSayWhetherTheyAreBusyGetATokenAndOneRight(String source) throws IOException {
        String manifests = KubeTools.kustomize(
                DEPLOY.resolve(source).resolve("workers"), DEPLOY.resolve("platform/deletion-cost"));

        assertSound(manifests);
        List<Yaml> documents = Yaml.all(manifests);
        Yaml pod = ofKind(documents, "Deployment").at("spec", "template", "spec");
        Yaml binding = ofKind(documents, "RoleBinding");
        assertThat(pod.at("automountServiceAccountToken").node()).isEqualTo(true);
        assertThat(pod.at("containers")
                        .items()
                        .get(0)
                        .at("env")
                        .named("CLAIMANT_POD_DELETION_COST")
                        .at("value")
                        .text())
                .isEqualTo("true");
        assertThat(binding.at("subjects").items().get(0).at("name")).isEqualTo(pod.at("serviceAccountName"));
        assertThat(binding.at("roleRef", "name"))
                .isEqualTo(ofKind(documents, "Role").at("metadata", "name"));
        assertThat(ofKind(documents, "Role").at("rules").node())
                .isEqualTo(List.of(
                        Map.of("apiGroups", List.of(""), "resources", List.of("pods"), "verbs", List.of("patch"))));
    }

    private static Yaml ofKind(List<Yaml> documents, String kind) {
        return documents.stream()
                .filter(document -> document.at("kind").text().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** Whoever knows one source's folder knows all. */
    @Test
    void theFolderOfEverySourceHasTheSameShape() {
        for (String source : SOURCES) {
            Path folder = DEPLOY.resolve(source);
            assertThat(Stream.of(
                            "README.md",
                            "secrets.example.yaml",
                            "base/kustomization.yaml",
                            "base/serviceaccount.yaml",
                            "base/triggerauthentication.yaml",
                            "base/networkpolicy.yaml",
                            "jobs/scaledjob.yaml",
                            "workers/deployment.yaml",
                            "workers/scaledobject.yaml",
                            "workers/poddisruptionbudget.yaml",
                            "production/kustomization.yaml"))
                    .allSatisfy(file -> assertThat(folder.resolve(file)).exists());
        }
    }

    /** Kubernetes refuses to evict a pod that two budgets find, and a node with it cannot be drained. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq", "sqs", "kafka", "servicebus"})
    void aWorkerHasOneBudgetWithThePlatformsPoliciesToo(String source) {
        List<Yaml> workers = Yaml.all(KubeTools.kustomize(DEPLOY.resolve(source).resolve("workers")));
        Yaml labels = ofKind(workers, "Deployment").at("spec", "template", "metadata", "labels");

        assertThat(Stream.concat(workers.stream(), Yaml.all(KubeTools.kustomize(DEPLOY.resolve("platform"))).stream())
                        .filter(document -> document.at("kind").text().equals("PodDisruptionBudget"))
                        .map(budget -> budget.at("spec", "selector", "matchLabels"))
                        .filter(selector -> selector.names().stream()
                                .allMatch(name -> selector.at(name).equals(labels.at(name)))))
                .hasSize(1);
    }

    /** All of them may be applied to one namespace. */
    @Test
    void noTwoSourcesUseOneName() {
        Map<String, Set<String>> users = new TreeMap<>();
        for (String source : SOURCES) {
            Path folder = DEPLOY.resolve(source);
            Stream.of(
                            Yaml.all(KubeTools.kustomize(folder.resolve("jobs"))),
                            Yaml.all(KubeTools.kustomize(folder.resolve("workers"))),
                            Yaml.readAll(folder))
                    .flatMap(List::stream)
                    .filter(document -> document.at("metadata", "name").isSet())
                    .forEach(document -> users.computeIfAbsent(
                                    document.at("kind").text() + " "
                                            + document.at("metadata", "name").text(),
                                    name -> new TreeSet<>())
                            .add(source));
        }
        assertThat(users)
                .isNotEmpty()
                .allSatisfy((name, sources) -> assertThat(sources).as(name).hasSize(1));
    }
}
