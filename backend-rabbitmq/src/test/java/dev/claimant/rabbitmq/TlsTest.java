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
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that wants a client certificate, and that has the right certificate of its own only for those who say which host they mean: for
 * others it has one of another host.
 */
class TlsTest {

    @TempDir
    private static Path directory = Path.of("");

    private static TestCertificates certificates = new TestCertificates(Path.of(""));
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        certificates = TestCertificates.in(directory);
        certificates.sign("elsewhere", "rabbit.elsewhere.test");
        certificates.sign("localhost", "localhost");
        certificates.sign("worker", "");
        port = TestNode.freePort();
        String options = "{ssl_options,[{cacertfile,\"%s\"},%s,{verify,verify_peer},{fail_if_no_peer_cert,true},"
                        .formatted(certificates.certificate("ca"), pair("elsewhere"))
                + "{sni_hosts,[{\"localhost\",[%s]}]}]}".formatted(pair("localhost"));
        TestNode node = TestNode.start(
                TestServer.home(),
                new TestNode.Options(
                        List.of("rabbitmq_auth_mechanism_ssl"),
                        List.of(
                                "listeners.ssl.1 = 127.0.0.1:" + port,
                                "auth_mechanisms.1 = PLAIN",
                                "auth_mechanisms.2 = EXTERNAL",
                                "ssl_cert_login_from = common_name"),
                        List.of(options)));
        node.ctl("add_user", "worker", "not used");
        node.ctl("set_permissions", "worker", ".*", ".*", ".*");
    }

    private static String pair(String name) {
        return "{certfile,\"%s\"},{keyfile,\"%s\"}".formatted(certificates.certificate(name), certificates.key(name));
    }

    @Test
    void theRightHostIsSaidAndVerifiedAndOurCertificateShown() {
        opens(config("amqps://guest:guest@localhost:").certificateAuthority(certificates.certificate("ca")));
    }

    @Test
    void withoutANameInTheAddressTheCertificateSaysWhoWeAre() {
        opens(config("amqps://localhost:").certificateAuthority(certificates.certificate("ca")));
    }

    @Test
    void anAuthorityThatIsNotTrustedIsRefused() {
        assertThatThrownBy(() -> opens(config("amqps://guest:guest@localhost:")))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("certification path");
    }

    @Test
    void anotherHostsCertificateIsRefused() {
        assertThatThrownBy(() -> opens(
                        config("amqps://guest:guest@127.0.0.1:").certificateAuthority(certificates.certificate("ca"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void filesThatCannotBeUsedAreNamedAllAtOnce() throws IOException {
        Path missing = directory.resolve("missing.pem");
        Path empty = Files.createTempFile(directory, "empty", ".key");

        assertThatThrownBy(() -> RabbitMqConfig.queue("amqps://localhost", "work")
                        .certificateAuthority(missing)
                        .clientCertificate(certificates.certificate("worker"), empty)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "certificateAuthority: '" + missing + "'", "clientCertificate: ", "'" + empty + "'");
    }

    private static RabbitMqConfig.Builder config(String address) {
        return RabbitMqConfig.queue(address + port, "tls")
                .declare()
                .classic()
                .withoutRetryQueues()
                .clientCertificate(certificates.certificate("worker"), certificates.key("worker"));
    }

    private static void opens(RabbitMqConfig.Builder config) {
        try (Source source = RabbitMqSource.of(config.build())) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            assertThat(source.backlog().ready()).hasValue(0);
        }
    }
}
