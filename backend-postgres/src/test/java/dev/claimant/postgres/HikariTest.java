package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A source keeps connections for as long as it is open. HikariCP's leak detection says so on the log, and takes none away. */
class HikariTest {

    private static final long SHORTEST_THRESHOLD_MILLIS = 2000;

    @Test
    void aSourceOutlivesLeakDetectionAndGivesEverythingBack() throws InterruptedException {
        HikariConfig config = new HikariConfig();
        TestDatabase database = WakeUpTest.newDatabase();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(4);
        config.setLeakDetectionThreshold(SHORTEST_THRESHOLD_MILLIS);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            PostgresQueue queue = new PostgresQueue(pool, "q");
            try (PostgresSource source = PostgresSource.queue(pool, "q")) {
                source.open(TestQueue.plan(null), NoEvents.INSTANCE);
                assertThat(source.claim(1, Duration.ofMillis(SHORTEST_THRESHOLD_MILLIS * 3 / 2)))
                        .isEmpty();
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(3);

                queue.enqueue("a");

                Claim claim = source.claim(1, Duration.ofSeconds(30)).get(0);
                assertThat(TestQueue.settle(source, new Complete(claim))).isEqualTo(Verdict.APPLIED);
            }
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    @Test
    void aSourceWithADataSourceOfItsOwnTakesNothingOfThePool() throws InterruptedException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(WakeUpTest.newDatabase().dataSource());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config);
                PostgresSource source = PostgresSource.queue(pool.getDataSource(), "q")) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            new PostgresQueue(pool, "q").enqueue("a");

            assertThat(source.claim(1, Duration.ofSeconds(30))).hasSize(1);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }
}
