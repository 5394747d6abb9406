package dev.claimant.rabbitmq;

import dev.claimant.contract.DockerImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/**
 * The one real RabbitMQ of a test run: the one that CLAIMANT_RABBITMQ_URL names (with CLAIMANT_RABBITMQ_MANAGEMENT_URL for its
 * management API); else a container, where the image is at hand (CLAIMANT_BROKERS=docker insists on it); else a node of its own from
 * the operating system's rabbitmq-server. It ends with the JVM.
 *
 * @param uri of a user who may do everything
 * @param management absent where it was not given
 * @param node absent where the broker is not ours to break
 */
public record TestServer(
        String uri, @Nullable String management, @Nullable TestNode node) {

    private static final String IMAGE = "rabbitmq:4-management";
    private static final TestServer SERVER = start();

    /** Started at the first call. */
    public static TestServer get() {
        return SERVER;
    }

    /** Kills the node, and starts it again on what it had stored. */
    public void kill() {
        Objects.requireNonNull(node, "a broker that was given is not ours to kill")
                .kill();
    }

    /** How much memory the node may use, in RabbitMQ's words; nothing where the broker is not ours. */
    public void allowMemory(String most) {
        if (node != null) {
            node.ctl("set_vm_memory_high_watermark", "absolute", most);
        }
    }

    private static TestServer start() {
        String given = System.getenv("CLAIMANT_RABBITMQ_URL");
        if (given != null) {
            String management = System.getenv("CLAIMANT_RABBITMQ_MANAGEMENT_URL");
            return announced("CLAIMANT_RABBITMQ_URL", new TestServer(given, management, null));
        }
        if ("docker".equals(System.getenv("CLAIMANT_BROKERS")) || DockerImage.isAtHand(IMAGE)) {
            RabbitMQContainer container = new RabbitMQContainer(IMAGE);
            container.start();
            return announced(
                    "container " + IMAGE,
                    new TestServer(
                            container.getAmqpUrl(), container.getHttpUrl().replace("://", "://guest:guest@"), null));
        }
        Path home = home();
        if (!Files.isExecutable(home.resolve("bin/rabbitmq-server"))) {
            throw new IllegalStateException(
                    "no RabbitMQ for the tests: set CLAIMANT_RABBITMQ_URL to an administrator's"
                            + " amqp:// address, or provide the image " + IMAGE
                            + ", or install rabbitmq-server (on Debian and Ubuntu: apt-get install --no-install-recommends rabbitmq-server)");
        }
        TestNode node = TestNode.start(home, TestNode.Options.NONE);
        return announced("node from " + home, new TestServer(node.uri(), node.management(), node));
    }

    /** Where the operating system's server is. */
    static Path home() {
        return Path.of(System.getProperty("claimant.rabbitmq.home", "/usr/lib/rabbitmq"));
    }

    private static TestServer announced(String what, TestServer server) {
        System.out.println("RabbitMQ for the tests: " + what);
        return server;
    }
}
