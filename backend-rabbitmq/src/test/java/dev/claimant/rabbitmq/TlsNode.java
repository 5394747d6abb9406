package dev.claimant.rabbitmq;

import dev.claimant.contract.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that speaks TLS besides, and wants a client certificate there. One in the name of {@code worker} says who its owner is. It shows
 * the certificate of localhost to those who say that they mean this host, and to others the one that it was given for them.
 */
public final class TlsNode {

    private final TestCertificates certificates;
    private final int port;
    private @Nullable TestNode plain;

    private TlsNode(TestCertificates certificates, int port) {
        this.certificates = certificates;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param directory for the certificates
     * @param otherwise the host whose certificate is shown to those who say no host's name
     */
    public static TlsNode start(Path directory, String otherwise) throws IOException {
        TestCertificates certificates = TestCertificates.in(directory);
        certificates.sign("localhost", "localhost");
        certificates.sign("otherwise", otherwise);
        certificates.sign("worker", "");
        certificates.sign("successor", "");
        certificates.sign("stranger", "");
        certificates.signExpired("expired");
        TlsNode node = new TlsNode(certificates, FreePorts.next());
        TestNode plain = TestNode.start(TestServer.home(), node.options());
        for (String user : List.of("worker", "successor")) {
            plain.ctl("add_user", user, "not used");
            plain.ctl("set_permissions", user, ".*", ".*", ".*");
        }
        node.plain = plain;
        return node;
    }

    private TestNode.Options options() {
        String ssl = "{ssl_options,[{cacertfile,\"%s\"},%s,{verify,verify_peer},{fail_if_no_peer_cert,true},"
                        .formatted(authority(), shown("otherwise"))
                + "{sni_hosts,[{\"localhost\",[%s]}]}]}".formatted(shown("localhost"));
        return new TestNode.Options(
                List.of("rabbitmq_auth_mechanism_ssl"),
                List.of(
                        "listeners.ssl.1 = 127.0.0.1:" + port,
                        "auth_mechanisms.1 = PLAIN",
                        "auth_mechanisms.2 = EXTERNAL",
                        "ssl_cert_login_from = common_name"),
                List.of(ssl));
    }

    private String shown(String name) {
        return "{certfile,\"%s\"},{keyfile,\"%s\"}".formatted(certificates.certificate(name), certificates.key(name));
    }

    /** The same node without TLS. */
    TestNode plain() {
        return Objects.requireNonNull(plain);
    }

    public int port() {
        return port;
    }

    /** Who has signed them all. */
    public Path authority() {
        return certificates.certificate("ca");
    }

    public Path workersCertificate() {
        return certificates.certificate("worker");
    }

    /** Of someone whom the broker does not know, or one that has expired; the key has the same name. */
    Path another(String name) {
        return certificates.certificate(name);
    }

    Path anothersKey(String name) {
        return certificates.key(name);
    }

    public Path workersKey() {
        return certificates.key("worker");
    }
}
