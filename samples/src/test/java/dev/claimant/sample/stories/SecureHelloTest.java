package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.rabbitmq.TlsNode;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.keda.PodTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has a certificate of an authority of its own, and asks for one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureHelloTest {

    private static final PodTemplate JOB =
            PodTemplate.read(Path.of("..", "deploy", "rabbitmq", "producer.yaml"), "Job");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private TlsNode broker;

    @BeforeAll
    void startBroker(@TempDir Path certificates) throws IOException {
        broker = TlsNode.start(certificates, "localhost");
    }

    @BeforeEach
    void nameFiles() {
        environment.put("RABBITMQ_URL", "amqps://localhost:" + broker.port());
        environment.put("RABBITMQ_CA_FILE", broker.authority().toString());
        environment.put(
                "RABBITMQ_CLIENT_CERTIFICATE_FILE", broker.workersCertificate().toString());
        environment.put("RABBITMQ_CLIENT_KEY_FILE", broker.workersKey().toString());
    }

    @Test
    void queuesAreMadeAGreetingIsSentAndOneIsGreetedByWhoeverTheCertificateNames() throws Exception {
        endsWith(0, "migrate");
        endsWith(0, "send", "1", "0");

        assertThat(endsWith(0, "job")).contains("Hello 1!").contains("\"completed\":1");
    }

    @Test
    void aBrokerOfAnUnknownAuthorityIsNotSpokenTo() throws Exception {
        environment.put("RABBITMQ_CA_FILE", "");

        assertThat(endsWith(75, "job")).contains("certification path");
    }

    @Test
    void aFileThatIsNotThereIsSaidByTheNameOfItsVariable() throws Exception {
        environment.put("RABBITMQ_CA_FILE", "/nowhere/ca.crt");

        assertThat(endsWith(78, "job")).contains("RABBITMQ_CA_FILE: /nowhere/ca.crt: must be a file that can be read");
    }

    /** What it says until then. */
    private String endsWith(int exitCode, String... arguments) throws InterruptedException {
        Pod pod = start(arguments);
        assertThat(pod.awaitExit(Duration.ofMinutes(1))).as(pod.log()).isEqualTo(exitCode);
        return pod.log();
    }

    private Pod start(String... arguments) {
        PodTemplate template = new PodTemplate(
                JOB.container(),
                JOB.image(),
                JOB.command(),
                List.of(arguments),
                JOB.env(),
                JOB.terminationGracePeriod());
        Map<String, Map<String, String>> secrets =
                Map.of("hello-rabbitmq-producer", Map.of("url", "amqps://localhost"));
        return new Pods(secrets, environment, folder).start(template, arguments[0], "hello");
    }
}
