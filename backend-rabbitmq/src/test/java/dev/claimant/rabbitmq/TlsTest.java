package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
