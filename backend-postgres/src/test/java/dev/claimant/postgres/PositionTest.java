package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sequence that stayed behind when the tables were moved, or was set back, strands no message. */
class PositionTest {

    private final TestDatabase database = TestDatabase.empty();

    @BeforeEach
    void traffic() {
        PostgresSource.migrate(database.dataSource());
        database.execute("SELECT setval('claimant.position', 10000)");
        database.execute("INSERT INTO claimant.mark VALUES ('q', 7, 9500, 9400, 9900, '{}')");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsPutInAfterTheSequenceWasSetBackIsClaimed(boolean migrated) {
        database.execute("ALTER SEQUENCE claimant.position RESTART");
        new PostgresQueue(database.dataSource(), "q").enqueue("before");
        if (migrated) {
            PostgresSource.migrate(database.dataSource());
        }

        try (PostgresSource worker = opened()) {
            new PostgresQueue(database.dataSource(), "q").enqueue("after");

            assertThat(texts(claim(worker))).containsExactly("before", "after");
        }
        assertThat(database.number("SELECT last_value FROM claimant.position")).isGreaterThan(9900);
    }

    @Test
    void numbersInUseAreNotDrawnAgain() {
        new PostgresQueue(database.dataSource(), "q").enqueue("a");
        database.execute("ALTER SEQUENCE claimant.position RESTART WITH 9999");

        try (PostgresSource worker = opened()) {
            new PostgresQueue(database.dataSource(), "q").enqueue("b");
            assertThat(texts(claim(worker))).containsExactly("a", "b");
        }
    }

    @Test
    void whileAWorkerRunsToo() {
        try (PostgresSource worker = opened()) {
            claim(worker);
            database.execute("ALTER SEQUENCE claimant.position RESTART");
            new PostgresQueue(database.dataSource(), "q").enqueue("a");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> texts(claim(worker)).contains("a"));
        }
    }

    @Test
    void whatWasStrandedBelowTheMarkIsFoundByAMigration() {
        database.execute("INSERT INTO claimant.message (queue, body, position) VALUES ('q', 'stranded', 50)");
        try (PostgresSource worker = opened()) {
            assertThat(claim(worker)).isEmpty();

            PostgresSource.migrate(database.dataSource());

            assertThat(texts(claim(worker))).containsExactly("stranded");
        }
    }

    @Test
    void andByAWorkerNowAndThen() throws Exception {
        database.execute("INSERT INTO claimant.message (queue, body, position) VALUES ('q', 'stranded', 50)");
        try (SharedConnection connection = MarkUpkeepTest.connection(database)) {
            PositionCheck check = new PositionCheck(connection, "q", 0);

            check.lookBelow(System.nanoTime() + TestQueue.WITHIN.toNanos());
        }
        try (PostgresSource worker = opened()) {
            assertThat(texts(claim(worker))).containsExactly("stranded");
        }
    }

    @Test
    void aSequenceThatDoesNotGiveOneNumberAfterTheOtherIsRefused() {
        database.execute("ALTER SEQUENCE claimant.position CACHE 20");

        assertThatThrownBy(this::opened)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("position: ")
                .hasMessageContaining("CACHE 20")
                .hasMessageContaining("ALTER SEQUENCE claimant.position CACHE 1");
        assertThatThrownBy(() -> PostgresSource.migrate(database.dataSource()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("CACHE 20");
    }

    @Test
    void aQueueThatIsInOrderIsLeftAsItIs() {
        opened().close();
        PostgresSource.migrate(database.dataSource());

        assertThat(database.number("SELECT last_value FROM claimant.position")).isEqualTo(10_000);
        assertThat(database.number("SELECT count(*) FROM claimant.mark")).isOne();
    }

    @Test
    void aQueueThatIsMovedByLogicalReplicationGoesOn() throws SQLException {
        Map<String, String> settings = Map.of("wal_level", "logical");
        try (OwnServer from = OwnServer.started(settings);
                OwnServer to = OwnServer.started(settings)) {
            PostgresSource.migrate(from.dataSource());
            PostgresSource.migrate(to.dataSource());
            run(to, "TRUNCATE claimant.schema_version, claimant.schema_history");
            run(from, "SELECT setval('claimant.position', 10000)");
            run(from, "INSERT INTO claimant.mark VALUES ('q', 7, 9500, 9400, 9900, '{}')");
            new PostgresQueue(from.dataSource(), "q").enqueue("moved");
            run(from, "CREATE PUBLICATION p FOR TABLES IN SCHEMA claimant");
            run(
                    to,
                    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=" + from.port()
                            + " user=postgres' PUBLICATION p");
            for (String table : List.of("message", "mark", "schema_version", "schema_history")) {
                int all = count(from, table);
                await().atMost(Duration.ofSeconds(60)).until(() -> count(to, table) == all);
            }
            run(to, "DROP SUBSCRIPTION s");

            PostgresSource.migrate(to.dataSource());
            new PostgresQueue(to.dataSource(), "q").enqueue("after");
            try (PostgresSource worker = PostgresSource.queue(to.dataSource(), "q")) {
                worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
                assertThat(texts(claim(worker))).containsExactly("moved", "after");
            }
        }
    }

    private PostgresSource opened() {
        PostgresSource worker = PostgresSource.queue(database.dataSource(), "q");
        worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return worker;
    }

    private static void run(OwnServer server, String sql) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(OwnServer server, String table) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM claimant." + table)) {
            row.next();
            return row.getInt(1);
        }
    }
}
