package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StopTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();

    @Test
    void stoppingUnblocksAClaimThatWaits() {
        Waiting claim = new Waiting(worker);

        worker.stopClaiming();

        assertThat(claim.result()).isEmpty();
    }

    @Test
    void aStoppedSourceClaimsNothingButStillRenewsAndSettles() throws InterruptedException {
        queue.enqueue("a", "b");
        List<Claim> claims = claim(worker, 1);

        worker.stopClaiming();
        worker.stopClaiming();

        assertThat(worker.claim(1, LONG)).isEmpty();
        assertThat(worker.renew(claims, TestQueue.WITHIN)).containsExactly(Verdict.APPLIED);
        assertThat(settle(worker, new Complete(claims.get(0)))).isEqualTo(Verdict.APPLIED);
        assertThat(queue.states()).containsExactly("ready");
    }

    @Test
    void aClaimUnderWayWhenStoppedReturnsWhatItTook() throws SQLException {
        queue.enqueue("a");
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE claimant.mark IN ACCESS EXCLUSIVE MODE");
            Waiting claim = new Waiting(worker);
            await().until(() -> queue.database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);

            worker.stopClaiming();
            other.rollback();

            assertThat(claim.result()).hasSize(1);
        }
    }

    @Test
    void anInterruptEndsAClaimThatWaits() {
        Waiting claim = new Waiting(worker);

        claim.thread.interrupt();

        assertThatThrownBy(claim::result).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aWaitingClaimSeesANewMessageWithinThePollInterval() {
        Waiting claim = new Waiting(worker);

        queue.enqueue("a");

        assertThat(claim.result()).hasSize(1);
    }

    /** A claim on a thread of its own that would wait for long. */
    private static final class Waiting {
        private final CompletableFuture<List<Claim>> result = new CompletableFuture<>();
        private final Thread thread;

        Waiting(PostgresSource worker) {
            thread = new Thread(() -> {
                try {
                    result.complete(worker.claim(1, LONG));
                } catch (InterruptedException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            await().until(() ->
                    thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.RUNNABLE);
        }

        List<Claim> result() {
            try {
                return result.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
                        .get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }
}
