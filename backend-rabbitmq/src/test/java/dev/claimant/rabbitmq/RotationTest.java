package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.impl.CredentialsProvider;
import dev.claimant.Worker;
import dev.claimant.contract.FreePorts;
import dev.claimant.contract.Sending;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that change and hosts that go while a worker lives. */
class RotationTest {

    private final String uri = TestServer.get().uri();

    @AutoClose
    private final RabbitMqHarness harness = new RabbitMqHarness("rotation", UnaryOperator.identity());

    @Test
    void aPasswordThatChangesUnderLoadLosesNothing(@TempDir Path directory) throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "p w\n");
        URI broker = URI.create(uri);
        Set<String> sent = ConcurrentHashMap.newKeySet();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (TestUser user = TestUser.thatConfigures(harness.queue());
                Cable cable = new Cable(broker.getHost(), broker.getPort());
                Worker worker = Worker.builder(RabbitMqSource.of(RabbitMqConfig.queue(
                                        "amqp://" + user.name() + "@127.0.0.1:" + cable.port(), harness.queue())
                                .passwordFile(password)
                                .longestRetry(Duration.ofSeconds(8))
                                .build()))
                        .slots(4)
                        .handler(claim -> handled.add(claim.id()))
                        .build()) {
            worker.start();
            for (int i = 0; i < 300; i++) {
                sent.add(harness.send(new Sending(new byte[0], Map.of(), null)));
                if (i == 150) {
                    await().until(() -> !handled.isEmpty());
                    user.changePassword("another");
                    Files.writeString(password, "another");
                    cable.cutLinks();
                }
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> handled.containsAll(sent));
        }
    }

    @Test
    void credentialsAreAskedForAtEachConnection() {
        CredentialsProvider provider = new CredentialsProvider() {
            @Override
            public String getUsername() {
                return "guest";
            }

            @Override
            public String getPassword() {
                return "guest";
            }
        };
        RabbitMqConfig config = RabbitMqConfig.queue(uri.replaceFirst("//.*@", "//"), harness.queue())
                .credentials(provider)
                .build();

        assertThatCode(() -> new Connections(config).open("test").abort()).doesNotThrowAnyException();
    }

    @Test
    void ofSeveralHostsTheFirstThatAnswersServes() throws IOException {
        String several = uri.replaceFirst("@", "@127.0.0.1:" + FreePorts.next() + ",");
        RabbitMqConfig config = RabbitMqConfig.queue(several, harness.queue()).build();

        assertThat(config.access.hosts).hasSize(2);
        assertThatCode(() -> new Connections(config).open("test").abort()).doesNotThrowAnyException();
    }
}
