package dev.claimant.postgres;

import dev.claimant.contract.DockerImage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The one real PostgreSQL server of a test run: the one that CLAIMANT_PG_URL names; else a container, where the image is at hand
 * (CLAIMANT_BROKERS=docker insists on it); else the embedded one. It ends with the JVM.
 */
final class TestServer {

    private static final String IMAGE = "postgres:18-alpine";
    private static final String URL = start();

    private TestServer() {}

    /** Of a superuser. */
    static String url() {
        return URL;
    }

    private static String start() {
        String given = System.getenv("CLAIMANT_PG_URL");
        if (given != null) {
            return announced("CLAIMANT_PG_URL", given);
        }
        if ("docker".equals(System.getenv("CLAIMANT_BROKERS")) || DockerImage.isAtHand(IMAGE)) {
            return container();
        }
        return embedded();
    }

    private static String container() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE).withUsername("postgres");
        container.start();
        return announced(
                "container " + IMAGE, container.getJdbcUrl() + "&user=postgres&password=" + container.getPassword());
    }

    private static String embedded() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .start();
            return announced("embedded binaries", server.getJdbcUrl("postgres", "postgres"));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no PostgreSQL for the tests: set CLAIMANT_PG_URL to a superuser's JDBC URL, or provide the image "
                            + IMAGE
                            + ", or allow the embedded server to start (it needs unprivileged user namespaces when run as root)",
                    e);
        }
    }

    private static String announced(String what, String url) {
        System.out.println("PostgreSQL for the tests: " + what);
        return url;
    }
}
