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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every base, overlay and component in deploy, as kustomize builds them. */
class KustomizeTest {

    private static final Path DEPLOY = Path.of("..", "deploy");

    static List<Path> overlays() throws IOException {
        return kustomizations("Kustomization");
    }

    static List<Path> components() throws IOException {
        return kustomizations("Component");
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

    private static void assertSound(String manifests) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int exitCode = CheckCommand.run(
                new Arguments(List.of("-f", "-")),
                new ByteArrayInputStream(manifests.getBytes(UTF_8)),
                new PrintStream(printed, true, UTF_8));

        assertThat(exitCode).as(printed.toString(UTF_8)).isZero();
        assertThat(printed.toString(UTF_8)).contains(" findings=0");
    }

    /** Whoever knows one source's folder knows all. */
    @Test
    void theFolderOfEverySourceHasTheSameShape() {
        for (String source : List.of("postgres", "rabbitmq", "sqs", "kafka", "servicebus")) {
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

    /** All of them may be applied to one namespace. */
    @Test
    void noTwoSourcesUseOneName() {
        Map<String, Set<String>> users = new TreeMap<>();
        for (String source : List.of("postgres", "rabbitmq", "sqs", "kafka", "servicebus")) {
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
