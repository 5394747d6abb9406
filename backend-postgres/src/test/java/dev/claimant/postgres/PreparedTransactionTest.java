package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.contract.NoEvents;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An application that commits in two phases: between them a transaction outlives its session, and the server's death. */
class PreparedTransactionTest {

    private static final String TRAFFIC = """
            INSERT INTO claimant.message (queue) SELECT 'q' FROM generate_series(1, 2000);
            DELETE FROM claimant.message WHERE queue = 'q' AND body IS NULL""";

    @AutoClose
    private final OwnServer server = OwnServer.started(Map.of("autovacuum", "off", "max_prepared_transactions", "2"));

    @Test
    void itsMessageIsNeitherMissedByTheScalingQueryNorByAClaimHoweverLateItCommits() throws Exception {
        PostgresSource.migrate(server.dataSource());
        execute("BEGIN; INSERT INTO claimant.message (queue, body) VALUES ('q', 'late'); PREPARE TRANSACTION 'late'");
        moveTheMark();
        server.kill();
        server.startAgain();
        moveTheMark();

        execute("COMMIT PREPARED 'late'");

        try (PostgresSource source = PostgresSource.queue(server.dataSource(), "q")) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            assertThat(server.number(source.scalingQuery())).isOne();
            assertThat(TestQueue.claimOne(source).text()).isEqualTo("late");
        }
    }

    private void moveTheMark() throws Exception {
        try (SharedConnection connection = new SharedConnection(server.dataSource(), "marks")) {
            MarkUpkeep marks = new MarkUpkeep(connection, "q");
            for (int i = 0; i < 3; i++) {
                execute(TRAFFIC);
                marks.move(System.nanoTime() + TestQueue.WITHIN.toNanos());
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = server.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
