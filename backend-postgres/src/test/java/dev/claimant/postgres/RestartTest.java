package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.contract.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Under load: nothing that was put in is lost, nothing is done twice but what was held at that moment, and work goes on by itself. */
class RestartTest {

    /** Core pauses up to 10 s between claims that fail, so a longer outage is noticed to be over only then. */
    static final Duration RECOVERY = Duration.ofSeconds(20);

    private static OwnServer server;

    @BeforeAll
    static void start() {
        server = OwnServer.started(Map.of("autovacuum", "off"));
        PostgresSource.migrate(server.dataSource());
    }

    @AfterAll
    static void stop() {
        server.close();
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

            long over = System.nanoTime();
            load.awaitHandled(load.handled() + 1);
            long recovered = System.nanoTime() - over;
            load.awaitHandled(load.handled() + 500);
            Load.Balance balance = load.settle();
            System.out.printf(
                    "%s: next message handled %d ms after it was over; %s%n",
                    what, TimeUnit.NANOSECONDS.toMillis(recovered), balance);
            assertThat(balance.lost()).isEmpty();
            assertThat(balance.doubled()).hasSizeLessThanOrEqualTo(Load.HELD_AT_MOST);
            assertThat(Duration.ofNanos(recovered)).isLessThan(RECOVERY);
            assertThat(server.number("SELECT count(*) FROM claimant.dead")).isZero();
        }
    }
}
