package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A claim and the scaling query read no more when the backlog is long, nor when a long transaction keeps what is gone. With {@code -Dclaimant.flatcost.ready=5000000
 * -Dclaimant.flatcost.gone=1000000} this is the full measurement.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FlatCostTest {

    private static final int READY = Integer.getInteger("claimant.flatcost.ready", 50_000);
    private static final int GONE = Integer.getInteger("claimant.flatcost.gone", 20_000);

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();

    @Test
    void aLongBacklogCostsNothing() {
        fill(READY);

        assertThat(Explained.scaling(queue)
                        .print("scaling query, " + READY + " ready")
                        .read())
                .isLessThan(1100);
        assertThat(Explained.claim(queue)
                        .print("claim of 10, " + READY + " ready")
                        .read())
                .isLessThan(100);
        assertThat(worker.backlog().scaler()).isEqualTo(1000);
        assertThat(worker.backlog().capped()).isTrue();
    }

    @Test
    void whatIsGoneCostsNothingEvenWhenALongTransactionKeepsIt() throws SQLException, InterruptedException {
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT 1 FROM claimant.message LIMIT 1");
            fill(GONE);

            completeAll();

            assertThat(worker.claim(1, Duration.ofSeconds(3))).isEmpty();
            assertThat(worker.backlog().scaler()).isZero();
            assertThat(Explained.scaling(queue)
                            .print("scaling query, " + GONE + " gone")
                            .read())
                    .isLessThan(5000);
            assertThat(Explained.claim(queue)
                            .print("claim of 10, " + GONE + " gone")
                            .read())
                    .isLessThan(5000);

            queue.database.update("DELETE FROM claimant.mark WHERE queue = ?", queue.name);
            assertThat(Explained.scaling(queue)
                            .print("scaling query, " + GONE + " gone, without the mark")
                            .read())
                    .isGreaterThan(GONE);
        }
    }

    private void fill(int messages) {
        queue.database.update(
                "INSERT INTO claimant.message (queue, body) SELECT ?, 'x' FROM generate_series(1, ?)",
                queue.name,
                messages);
    }

    private void completeAll() throws InterruptedException {
        int completed = 0;
        long begun = System.nanoTime();
        while (true) {
            List<Claim> claims = worker.claim(500, Duration.ZERO);
            if (claims.isEmpty()) {
                System.out.printf("%d completed in %d ms%n", completed, (System.nanoTime() - begun) / 1_000_000);
                return;
            }
            List<Settlement> settlements = claims.stream()
                    .map(claim -> (Settlement) new Complete(claim))
                    .toList();
            assertThat(worker.settle(settlements, TestQueue.WITHIN)).containsOnly(Verdict.APPLIED);
            completed += claims.size();
            if (completed % 100_000 == 0) {
                System.out.printf("%d completed after %d ms%n", completed, (System.nanoTime() - begun) / 1_000_000);
            }
        }
    }
}
