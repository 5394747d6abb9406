package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Somebody listens and never reads, so that notifications pile up until nobody on the server can send one more. */
class SilentListenerTest {

    @AutoClose
    private final OwnServer server = OwnServer.started(Map.of("autovacuum", "off", "max_notify_queue_pages", "64"));

    @Test
    void messagesArePutInAndSettledAllTheSame() throws SQLException {
        PostgresSource.migrate(server.dataSource());
        PostgresQueue queue = new PostgresQueue(server.dataSource(), "q");
        try (PostgresSource worker = PostgresSource.queue(server.dataSource(), "q");
                Connection silent = server.dataSource().getConnection()) {
            worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
            execute(silent, "LISTEN other");
            execute(silent, "BEGIN");
            pileUp();

            queue.enqueue("a");

            assertThat(settle(worker, new Release(claimOne(worker)))).isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, new Retry(claimOne(worker), Duration.ZERO, "no")))
                    .isEqualTo(Verdict.APPLIED);
            assertThat(claimOne(worker).text()).isEqualTo("a");
        }
    }

    private void pileUp() throws SQLException {
        try (Connection loud = server.dataSource().getConnection()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            execute(loud, "SELECT pg_notify('other', repeat('x', 7000) || " + i + ")");
                        }
                    })
                    .hasMessageContaining("too many notifications");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
