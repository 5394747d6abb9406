package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What deploy/local says must go together, since it cannot be run here. */
class LocalDeployTest {

    private static final Path FOLDER = Path.of("..", "deploy", "local");

    private final Yaml services = Yaml.all(text("compose.yaml")).get(0).at("services");

    @Test
    void thereIsAServerForEverySource() {
        assertThat(services.names())
                .containsExactlyInAnyOrder("postgres", "rabbitmq", "kafka", "localstack", "servicebus", "mssql");
    }

    @Test
    void everyImageHasAVersionAndEveryPortIsOfTheLoopbackAddress() {
        assertThat(services.names()).allSatisfy(name -> {
            Yaml service = services.at(name);
            assertThat(service.at("image").text()).matches(".+:.*\\d.*");
            assertThat(service.at("ports").items())
                    .allSatisfy(port -> assertThat(port.text()).startsWith("127.0.0.1:"));
            assertThat(service.at("volumes").items())
                    .allSatisfy(
                            volume -> assertThat(FOLDER.resolve(volume.text().split(":", -1)[0]))
                                    .exists());
        });
    }

    /** So that one pull serves both. */
    @ParameterizedTest
    @CsvSource({
        "rabbitmq, backend-rabbitmq/src/test/java/dev/claimant/rabbitmq/TestServer.java",
        "kafka, backend-kafka/src/test/java/dev/claimant/kafka/TestBroker.java",
        "localstack, backend-sqs/src/test/java/dev/claimant/sqs/TestServer.java"
    })
    void theImageIsTheTests(String service, String fixture) throws IOException {
        assertThat(Files.readString(Path.of("..").resolve(fixture)))
                .contains('"' + services.at(service).at("image").text() + '"');
    }

    /** What the script prepares is what the example's Secrets say, and what the cluster calls the server is what they look for. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq"})
    void theScriptsLoginsAreTheExamples(String source) throws IOException {
        String script = text("cluster");
        List<String> values = Yaml.readAll(FOLDER.resolveSibling(source)).stream()
                .filter(document -> document.at("kind").text().equals("Secret"))
                .flatMap(secret -> secret.at("stringData").names().stream()
                        .map(key -> secret.at("stringData", key).text()))
                .toList();

        assertThat(values).anyMatch(value -> value.contains(source + ".default.svc.cluster.local"));
        assertThat(values.stream()
                        .flatMap(value -> Stream.of(value.split("[:@]", -1)))
                        .filter(word -> word.startsWith("EXAMPLE-")))
                .isNotEmpty()
                .allMatch(password -> password.matches("EXAMPLE-(worker|producer|operator|scaler)-password"));
        assertThat(script).contains("EXAMPLE-$" + (source.equals("postgres") ? "role" : "user") + "-password");
    }

    @Test
    void theRightsAreThoseOfTheReadme() throws IOException {
        String readme = Files.readString(FOLDER.resolveSibling("rabbitmq").resolve("README.md"));

        assertThat(readme.lines()
                        .filter(line -> line.contains("set_permissions"))
                        .map(LocalDeployTest::rights))
                .hasSize(3)
                .allMatch(rights ->
                        text("cluster").lines().map(LocalDeployTest::rights).anyMatch(rights::equals));
    }

    private static String rights(String line) {
        return Objects.requireNonNull(line.replaceAll(".*set_permissions", "")).replaceAll("\\s+", " ");
    }

    @Test
    void theScriptsAreShellThatParses() throws Exception {
        for (String script : List.of("cluster", "localstack.sh")) {
            assertThat(Files.isExecutable(FOLDER.resolve(script))).isTrue();
            Process bash = new ProcessBuilder(
                            "bash", "-n", FOLDER.resolve(script).toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(bash.waitFor()).isZero();
        }
    }

    /** The queue of the manifests, with their lock. */
    @Test
    void theEmulatorHasTheQueueOfTheManifests() {
        Yaml queue = Yaml.all(text("servicebus.json"))
                .get(0)
                .all()
                .filter(node -> node.at("Queues").isSet())
                .findFirst()
                .orElseThrow()
                .at("Queues")
                .items()
                .get(0);

        assertThat(queue.at("Name").text()).isEqualTo("hello");
        assertThat(queue.at("Properties", "LockDuration").text()).isEqualTo("PT1M");
    }

    private static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
