package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.contract.Wire;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Under load: nothing that was put in is lost, nothing is done twice but what was held at that moment, and work goes on by itself. */
class RestartTest {

    @AutoClose
    private static OwnServer server;

    @BeforeAll
    static void start() {
        server = OwnServer.started(Map.of("autovacuum", "off"));
        PostgresSource.migrate(server.dataSource());
    }

    @Test
    void aServerThatIsKilledAndStartedAgain() {
        survives("kill -9 of the server", server.dataSource(), () -> {
            server.kill();
            server.startAgain();
        });
    }

    @Test
    void connectionsThatAreTerminated() {
        survives("terminated connections", server.dataSource(), () -> {
            for (int i = 0; i < 5; i++) {
                server.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            }
        });
    }

    @Test
    void aNetworkThatIsCut() {
        try (Wire wire = Wire.to("localhost", server.port())) {
            PGSimpleDataSource cut = server.dataSource();
            cut.setPortNumbers(new int[] {wire.port()});
            survives("3 s without network", cut, () -> {
                wire.cut();
                await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
                wire.mend();
            });
        }
    }

    private static void survives(String what, PGSimpleDataSource workers, Runnable disaster) {
        try (Load load = new Load(workers, server.dataSource())) {
            load.awaitHandled(500);

            disaster.run();

            load.assertSurvived(what, 500);
            assertThat(server.number("SELECT count(*) FROM claimant.dead")).isZero();
        }
    }
}
