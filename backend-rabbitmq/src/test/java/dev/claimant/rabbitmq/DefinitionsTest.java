package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed for RabbitMQ's own tools, given to these tools: a worker that may declare nothing works on the result. */
class DefinitionsTest {

    private static final Path PYTHONS = Path.of("/usr/bin/rabbitmqadmin");

    private final TestServer server = TestServer.get();
    private final String management = Objects.requireNonNull(
            server.management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");
    private final URI api = URI.create(management);
    private final String vhost = "fresh-" + UUID.randomUUID();
    private final RabbitMqConfig config = RabbitMqConfig.queue(
                    URI.create(server.uri()).resolve("/" + vhost).toString(), "it's work")
            .longestRetry(Duration.ofSeconds(4))
            .management(management)
            .build();

    @BeforeEach
    void makeTheVirtualHost() {
        String user = api.getUserInfo().split(":", 2)[0];
        ManagementApi.put(management, "/api/vhosts/" + vhost, "{}");
        ManagementApi.put(
                management,
                "/api/permissions/" + vhost + "/" + user,
                "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
    }

    @AfterEach
    void removeIt() {
        ManagementApi.delete(management, "/api/vhosts/" + vhost);
    }

    @Test
    void importedDefinitionsAreWhatDeclareMakes() throws Exception {
        ManagementApi.post(management, "/api/definitions", RabbitMqSource.definitions(config));

        works(config);
        assertThatCode(() -> RabbitMqSource.declare(config)).doesNotThrowAnyException();
    }

    @Test
    void aNewBrokerThatImportsThemServesAWorkerThatMayDeclareNothing(@TempDir Path directory) throws Exception {
        TestNode node = TestNode.start(TestServer.home(), TestNode.Options.NONE);
        RabbitMqConfig its = RabbitMqConfig.queue(node.uri().replaceFirst("//.*@", "//worker:its-own@"), "it's work")
                .longestRetry(Duration.ofSeconds(4))
                .management(node.management())
                .build();
        node.ctl("add_user", "worker", "its-own");
        node.ctl("set_permissions", "worker", "^$", "^amq\\.default$", "^it's work(\\..*)?$");

        node.ctl(
                "import_definitions",
                Files.writeString(directory.resolve("definitions.json"), RabbitMqSource.definitions(its))
                        .toString());

        works(its);
    }

    @Test
    void theShellMakesTheSameOfTheCommands(@TempDir Path directory) throws Exception {
        String[] credentials = api.getUserInfo().split(":", 2);
        Path script = Files.writeString(directory.resolve("declare.sh"), """
                set -e
                rabbitmqadmin() { python3 '%s' -q -H %s -P %d -u '%s' -p '%s' "$@"; }
                %s""".formatted(
                        rabbitmqadmin(directory),
                        api.getHost(),
                        api.getPort(),
                        credentials[0],
                        credentials[1],
                        RabbitMqSource.rabbitmqadmin(config)));
        File output = directory.resolve("output").toFile();
        Process shell = new ProcessBuilder("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();

        assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output).hasContent("");
        assertThat(shell.exitValue()).isZero();
        works(config);
        assertThatCode(() -> RabbitMqSource.declare(config)).doesNotThrowAnyException();
    }

    /** That of the operating system, where it is the one in Python; else the broker hands it out. */
    private Path rabbitmqadmin(Path directory) throws IOException {
        if (Files.isReadable(PYTHONS)
                && new String(Files.readAllBytes(PYTHONS), StandardCharsets.ISO_8859_1).startsWith("#!")) {
            return PYTHONS;
        }
        Path copy = directory.resolve("rabbitmqadmin");
        try (InputStream served = URI.create("http://" + api.getHost() + ":" + api.getPort() + "/cli/rabbitmqadmin")
                .toURL()
                .openStream()) {
            Files.copy(served, copy);
        }
        return copy;
    }

    /** A message is retried through a retry queue, and completed. */
    private static void works(RabbitMqConfig config) throws Exception {
        try (Source source = RabbitMqSource.of(config)) {
            assertThat(source.open(
                                    new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false),
                                    new Heard())
                            .retryDelay())
                    .isEqualTo(RetryDelay.NATIVE);
            Connection connection = new Connections(config).open("test");
            Channel channel = Connections.channel(connection);
            channel.basicPublish("", config.queue, new BasicProperties(), new byte[] {1});
            Claim first = source.claim(1, Duration.ofSeconds(20)).get(0);
            settled(source, new Retry(first, Duration.ofSeconds(1), "no"));
            Claim second = source.claim(1, Duration.ofSeconds(20)).get(0);
            assertThat(second.attempt()).isEqualTo(2);
            settled(source, new Complete(second));
            connection.abort();
        }
    }

    private static void settled(Source source, dev.claimant.Settlement settlement) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(20))).containsExactly(Verdict.APPLIED);
    }

    @Test
    void thereIsOneCommandForEachQueueAndWhatTheShellWouldReadIsQuoted() {
        RabbitMqConfig odd = RabbitMqConfig.queue("amqp://localhost/my%20shop", "it's")
                .longestRetry(Duration.ofSeconds(1))
                .build();

        assertThat(RabbitMqSource.rabbitmqadmin(odd).lines())
                .hasSize(3)
                .contains(
                        "rabbitmqadmin --vhost='my shop' declare queue 'name=it'\\''s.dead' durable=true"
                                + " auto_delete=false 'arguments={\"x-delivery-limit\": 1000000, \"x-queue-type\": \"quorum\"}'");
    }
}
