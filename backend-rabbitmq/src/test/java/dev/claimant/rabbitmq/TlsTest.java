package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.Worker;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    private TlsNode node;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        node = TlsNode.start(directory, "rabbit.elsewhere.test");
    }

    @Test
    void theRightHostIsSaidAndVerifiedAndOurCertificateShown() {
        opens(config("amqps://guest:guest@localhost:").certificateAuthority(node.authority()));
    }

    @Test
    void withoutANameInTheAddressTheCertificateSaysWhoWeAre() {
        opens(config("amqps://localhost:").certificateAuthority(node.authority()));
    }

    @Test
    void anAuthorityThatIsNotTrustedIsRefused() {
        assertThatThrownBy(() -> opens(config("amqps://guest:guest@localhost:")))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("certification path");
    }

    @Test
    void anotherHostsCertificateIsRefused() {
        assertThatThrownBy(() -> opens(config("amqps://guest:guest@127.0.0.1:").certificateAuthority(node.authority())))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void certificatesThatChangeAreReadAgainAtTheNextConnection(@TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        copy(node.workersCertificate(), certificate, node.workersKey(), key);
        RabbitMqConfig config = RabbitMqConfig.queue("amqps://localhost:" + node.port(), "tls")
                .certificateAuthority(node.authority())
                .clientCertificate(certificate, key)
                .build();
        Connections connections = new Connections(config);
        connections.open("first").abort();

        Files.writeString(key, "half written");
        connections.open("while they are replaced").abort();

        copy(node.another("stranger"), certificate, node.anothersKey("stranger"), key);
        assertThatThrownBy(() -> connections.open("stranger"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("refused");

        copy(node.workersCertificate(), certificate, node.workersKey(), key);
        connections.open("last").abort();
    }

    @Test
    void aCertificateThatIsReplacedUnderLoadLosesNothing(@TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        copy(node.workersCertificate(), certificate, node.workersKey(), key);
        Set<String> sent = new HashSet<>();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (Cable cable = new Cable("localhost", node.port());
                Worker worker = Worker.builder(
                                RabbitMqSource.of(RabbitMqConfig.queue("amqps://localhost:" + cable.port(), "rotated")
                                        .declare()
                                        .withoutRetryQueues()
                                        .certificateAuthority(node.authority())
                                        .clientCertificate(certificate, key)
                                        .build()))
                        .slots(4)
                        .handler(claim -> handled.add(claim.id()))
                        .build()) {
            worker.start();
            Connection sender = new Connections(
                            RabbitMqConfig.queue(node.plain().uri(), "rotated").build())
                    .open("test");
            Channel channel = Connections.channel(sender);
            channel.confirmSelect();
            for (int i = 0; i < 600; i++) {
                String id = "m" + i;
                channel.basicPublish(
                        "",
                        "rotated",
                        new BasicProperties.Builder()
                                .messageId(id)
                                .deliveryMode(2)
                                .build(),
                        new byte[] {1});
                sent.add(id);
                if (i == 300) {
                    await().atMost(Duration.ofSeconds(60)).until(() -> !handled.isEmpty());
                    copy(node.another("successor"), certificate, node.anothersKey("successor"), key);
                    node.plain().ctl("delete_user", "worker");
                    cable.cutLinks();
                }
            }
            channel.waitForConfirmsOrDie(60_000);

            await().atMost(Duration.ofSeconds(60)).until(() -> handled.containsAll(sent));
            sender.abort();
        } finally {
            node.plain().ctl("add_user", "worker", "not used");
            node.plain().ctl("set_permissions", "worker", ".*", ".*", ".*");
        }
    }

    @Test
    void anExpiredCertificateIsNamedWhateverTheConnectionSays() {
        assertThatThrownBy(() -> opens(RabbitMqConfig.queue("amqps://localhost:" + node.port(), "tls")
                        .certificateAuthority(node.authority())
                        .clientCertificate(node.another("expired"), node.anothersKey("expired"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll("'" + node.another("expired") + "' expired at 20");
    }

    private static void copy(Path certificate, Path to, Path key, Path keyTo) throws IOException {
        Files.copy(certificate, to, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(key, keyTo, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void filesThatCannotBeUsedAreNamedAllAtOnce(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing.pem");
        Path empty = Files.createFile(directory.resolve("empty.key"));

        assertThatThrownBy(() -> RabbitMqConfig.queue("amqps://localhost", "work")
                        .certificateAuthority(missing)
                        .clientCertificate(node.workersCertificate(), empty)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "certificateAuthority: '" + missing + "'", "clientCertificate: ", "'" + empty + "'");
    }

    @Test
    void filesThatNothingWouldUseAreRefusedForTheConnectionWouldBeInTheOpen() {
        RabbitMqConfig.Builder plain = RabbitMqConfig.queue("amqp://localhost", "work")
                .management("http://localhost:15672")
                .certificateAuthority(node.authority());

        assertThatThrownBy(plain::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "certificateAuthority, clientCertificate: nothing would use them; take amqps:// or https://");
        assertThat(plain.management("https://localhost:15671").build()).isNotNull();
    }

    private RabbitMqConfig.Builder config(String address) {
        return RabbitMqConfig.queue(address + node.port(), "tls")
                .declare()
                .classic()
                .withoutRetryQueues()
                .clientCertificate(node.workersCertificate(), node.workersKey());
    }

    private static void opens(RabbitMqConfig.Builder config) {
        try (Source source = RabbitMqSource.of(config.build())) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            assertThat(source.backlog().ready()).hasValue(0);
        }
    }
}
