package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A server whose certificate is for {@code localhost}. What TLS asks for is the data source's to say; all connections keep to it. */
class TlsTest {

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @AutoClose
    private static OwnServer server;

    @BeforeAll
    static void start() {
        certificates = new Certificates(folder);
        certificates.authority("authority");
        certificates.authority("stranger");
        certificates.server("server", "localhost", "authority");
        server = OwnServer.started(Map.of(
                "ssl", "on",
                "ssl_cert_file", certificates.file("server.crt").toString(),
                "ssl_key_file", certificates.file("server.key").toString()));
        PostgresSource.migrate(server.dataSource());
    }

    @Test
    void withAVerifiedNameAllConnectionsAreEncrypted() {
        PGSimpleDataSource verified = dataSource("localhost", "verify-full", "authority");
        verified.setApplicationName("verified");
        try (PostgresSource source = PostgresSource.queue(verified, "tls")) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            CompletableFuture<List<Claim>> claims = WakeUpTest.claimLater(source);
            awaitEncrypted(3);
            new PostgresQueue(verified, "tls").enqueue("a");
            Claim claim = WakeUpTest.within(claims).get(0);

            assertThat(TestQueue.settle(source, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        }
    }

    @Test
    void aServerOfAnotherNameIsRefused() {
        refused(dataSource("127.0.0.1", "verify-full", "authority"), "127.0.0.1");
    }

    @Test
    void whereTheNameDoesNotMatterItIsNotRefused() {
        try (PostgresSource source = PostgresSource.queue(dataSource("127.0.0.1", "verify-ca", "authority"), "tls")) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        }
    }

    @Test
    void aServerThatAStrangerHasSignedIsRefused() {
        refused(dataSource("localhost", "verify-full", "stranger"), "certification path");
        refused(dataSource("localhost", "verify-ca", "stranger"), "certification path");
    }

    @Test
    void aMissingAuthorityIsNamed() {
        refused(dataSource("localhost", "verify-full", "nobody"), "nobody.crt");
    }

    private static void refused(PGSimpleDataSource dataSource, String reason) {
        try (PostgresSource source = PostgresSource.queue(dataSource, "tls")) {
            assertThatThrownBy(() -> source.open(TestQueue.plan(null), NoEvents.INSTANCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("cannot open tls")
                    .hasMessageContaining(reason);
        }
    }

    /** For claims, for settlements, and to listen. */
    private static void awaitEncrypted(int connections) {
        Awaitility.await().untilAsserted(() -> assertThat(server.number("""
                        SELECT CASE WHEN bool_and(s.ssl) THEN count(*) ELSE -1 END
                        FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE a.application_name = 'verified'""")).isEqualTo(connections));
    }

    private static PGSimpleDataSource dataSource(String host, String mode, String authority) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://" + host + ":" + server.port() + "/postgres?user=postgres&sslmode=" + mode
                + "&sslrootcert=" + certificates.file(authority + ".crt"));
        return dataSource;
    }
}
