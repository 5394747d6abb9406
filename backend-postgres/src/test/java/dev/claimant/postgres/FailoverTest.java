package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.SourceException;
import dev.claimant.contract.FreePorts;
import dev.claimant.contract.NoEvents;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A URL that names several servers, of which one is the primary. */
class FailoverTest {

    @AutoClose
    private final OwnServer primary = OwnServer.started(Map.of("autovacuum", "off"));

    @Test
    void aDeadFirstServerAndAStandbyArePassedOver() throws IOException {
        PostgresSource.migrate(primary.dataSource());
        try (OwnServer standby = primary.standby();
                PostgresSource source =
                        PostgresSource.queue(url("localhost:" + FreePorts.next(), at(standby), at(primary)), "q")) {
            new PostgresQueue(primary.dataSource(), "q").enqueue("a");

            source.open(TestQueue.plan(null), NoEvents.INSTANCE);

            assertThat(TestQueue.claim(source)).hasSize(1);
        }
    }

    @Test
    void aStandbyAloneIsRefusedForAsLongAsItIsOne() {
        PostgresSource.migrate(primary.dataSource());
        try (OwnServer standby = primary.standby();
                PostgresSource source = PostgresSource.queue(standby.dataSource(), "q")) {
            assertThatThrownBy(() -> source.open(TestQueue.plan(null), NoEvents.INSTANCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("read-only")
                    .hasMessageContaining("targetServerType=primary");

            standby.number("SELECT pg_promote()::int");

            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        }
    }

    @Test
    void aStandbyThatIsPromotedUnderLoadTakesOver() {
        PostgresSource.migrate(primary.dataSource());
        try (OwnServer standby = primary.standby();
                Load load = new Load(url(at(primary), at(standby)), url(at(primary), at(standby)))) {
            load.awaitHandled(300);
            // What a standby has not got yet when the primary dies is lost by PostgreSQL, not by us.
            load.pause();
            primary.awaitFollowed();

            primary.kill();
            standby.number("SELECT pg_promote()::int");
            load.resume();

            load.assertSurvived("failover", 300);
        }
    }

    private static String at(OwnServer server) {
        return "localhost:" + server.port();
    }

    private static PGSimpleDataSource url(String... servers) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://" + String.join(",", servers)
                + "/postgres?user=postgres&targetServerType=primary&hostRecheckSeconds=1");
        return dataSource;
    }
}
