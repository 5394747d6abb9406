package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.claimant.Keytool;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Whom the source believes to be SQS: who has a certificate for that host, by an authority that is known. */
class TlsTest {

    private static final String BODY = "{\"QueueUrl\":\"https://here\"}";

    @TempDir
    private Path directory;

    private HttpsServer server;
    private TlsTrustManagersProvider known;

    /** Its certificate is for localhost, and for no address. */
    @BeforeEach
    void start() throws Exception {
        Path store = directory.resolve("localhost.p12");
        Keytool.makeKey(store, "secret", "localhost", "-ext", "san=dns:localhost");
        KeyStore keys = load(store);
        TrustManagerFactory authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        authorities.init(keys);
        known = authorities::getTrustManagers;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, BODY.length());
                exchange.getResponseBody().write(BODY.getBytes(StandardCharsets.US_ASCII));
            }
        });
        server.start();
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "secret".toCharArray());
        }
        return store;
    }

    private static SSLContext context(KeyStore store) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String ask(String host, @Nullable TlsTrustManagersProvider authorities) {
        SqsConfig config = SqsConfig.queue("https://sqs.eu-west-1.amazonaws.com/123456789012/orders")
                .endpoint("https://" + host + ":" + server.getAddress().getPort())
                .credentials(TestServer.credentials())
                .build();
        try (SqsAsyncClient client =
                Connections.connect(config, new HttpTransport.Builder(Duration.ofSeconds(30), authorities))) {
            for (int i = 0; i < 3; i++) {
                client.getQueueUrl(request -> request.queueName("orders")).join();
            }
            return client.getQueueUrl(request -> request.queueName("orders"))
                    .join()
                    .queueUrl();
        }
    }

    @Test
    void aServerOfThatNameByAKnownAuthorityIsAsked() {
        assertThat(ask("localhost", known)).isEqualTo("https://here");
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        assertThatThrownBy(() -> ask("127.0.0.1", known))
                .hasStackTraceContaining("127.0.0.1")
                .hasStackTraceContaining(SSLException.class.getPackageName());
    }

    @Test
    void anUnknownAuthorityIsRefused() {
        assertThatThrownBy(() -> ask("localhost", null)).hasStackTraceContaining(SSLException.class.getPackageName());
    }
}
