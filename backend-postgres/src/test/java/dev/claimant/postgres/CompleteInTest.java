package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.WITHIN;
import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handler's own transaction completes the message, or does not. */
class CompleteInTest {

    private final TestQueue queue = new TestQueue();
    private final Source worker = queue.worker();
    private final Effects effects = Effects.in(queue.database);
    private final Connection connection = queue.database.connect();

    @BeforeEach
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        queue.close();
    }

    @Test
    void effectAndCompletionAreCommittedTogether() throws SQLException {
        PostgresClaim claim = claimed("a");

        completeIn(claim);
        assertThat(queue.states()).containsExactly("working");
        connection.commit();

        assertThat(queue.states()).isEmpty();
        assertThat(effects.all()).containsExactly("a");
        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);
        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(claim(worker)).isEmpty();
    }

    @Test
    void whileTheTransactionIsOpenNobodyKnows() throws SQLException {
        PostgresClaim claim = claimed("a");
        completeIn(claim);

        assertThat(renew(worker, claim)).isEqualTo(Verdict.UNKNOWN);
        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.UNKNOWN);
        assertThat(claim(queue.worker())).isEmpty();

        connection.commit();
        assertThat(settle(worker, new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aHandlerThatReturnsThoughItsTransactionWasRolledBackHasFailed() throws SQLException {
        PostgresClaim claim = claimed("a");
        completeIn(claim);
        connection.rollback();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.LOST);

        assertThat(effects.all()).isEmpty();
        Claim again = claimOne(worker);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.expiredLocks()).isZero();
        assertThat(queue.database.one("SELECT history->0->>'error' FROM claimant.message WHERE queue = ?", queue.name))
                .contains("completeIn did not commit");
        assertThat(settle(worker, new Complete(claim).asRepeated())).isEqualTo(Verdict.LOST);
    }

    @Test
    void afterTheLastAttemptItIsDeadLetteredWithThatReason() throws SQLException {
        queue.enqueue("a");
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "x"));
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "x"));
        PostgresClaim last = (PostgresClaim) claimOne(worker);
        completeIn(last);
        connection.rollback();

        assertThat(settle(worker, new Complete(last))).isEqualTo(Verdict.LOST);

        assertThat(queue.states()).isEmpty();
        assertThat(queue.database.one("SELECT reason FROM claimant.dead WHERE queue = ?", queue.name))
                .startsWith("attempt 3 failed: ")
                .contains("completeIn did not commit");
    }

    @Test
    void aJobsMessageIsReservedForItsNextPodWhenTheTransactionDidNotCommit() throws SQLException {
        Source job = queue.worker("job-1");
        queue.enqueue("a");
        PostgresClaim claim = (PostgresClaim) claimOne(job);
        completeIn(claim);
        connection.rollback();

        assertThat(settle(job, new Complete(claim))).isEqualTo(Verdict.LOST);

        assertThat(claim(worker)).isEmpty();
        assertThat(claim(queue.worker("job-1"))).hasSize(1);
    }

    @Test
    void eachOfABatchGetsItsOwnVerdict() throws SQLException {
        queue.enqueue("plain", "committed", "rolled back", "lost");
        List<Claim> claims = claim(worker);
        completeIn((PostgresClaim) claims.get(1));
        connection.commit();
        completeIn((PostgresClaim) claims.get(2));
        connection.rollback();
        queue.database.update(
                "DELETE FROM claimant.message WHERE id = ?",
                Long.valueOf(claims.get(3).id()));

        assertThat(worker.settle(
                        claims.stream()
                                .map(claim -> (Settlement) new Complete(claim))
                                .toList(),
                        WITHIN))
                .containsExactly(Verdict.APPLIED, Verdict.APPLIED, Verdict.LOST, Verdict.LOST);
        assertThat(queue.states()).containsExactly("waiting");
    }

    @Test
    void whatAHandlerDoesAfterItHasCommittedBringsNothingBack() throws SQLException {
        queue.enqueue("a", "b", "c");
        List<Claim> claims = claim(worker);
        for (Claim claim : claims) {
            completeIn((PostgresClaim) claim);
        }
        connection.commit();

        assertThat(settle(worker, new Retry(claims.get(0), Duration.ZERO, "too late").asRepeated()))
                .isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Release(claims.get(1)).asRepeated())).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new DeadLetter(claims.get(2), "too late", null).asRepeated()))
                .isEqualTo(Verdict.LOST);
        assertThat(queue.states()).isEmpty();
    }

    @Test
    void afterTheLockWasLostItThrowsAndTheTransactionCannotCommit() throws SQLException {
        PostgresClaim late = claimed("a");
        queue.expireLocks();
        PostgresSource other = queue.worker();
        Claim current = claimOne(other);

        assertThatThrownBy(() -> completeIn(late))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("lock was lost");
        connection.commit(); // the server rolls back, the driver says nothing

        assertThat(effects.all()).isEmpty();
        assertThat(settle(worker, new Complete(late))).isEqualTo(Verdict.LOST);
        connection.rollback();
        assertThat(settle(other, new Complete(current))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void calledTwiceInOneTransactionItThrowsAndNothingIsCommitted() throws SQLException {
        PostgresClaim claim = claimed("a");
        completeIn(claim);

        assertThatThrownBy(() -> claim.completeIn(connection)).hasMessageContaining("earlier call of completeIn");
        connection.commit(); // the server rolls back, the driver says nothing

        assertThat(effects.all()).isEmpty();
        assertThat(queue.states()).containsExactly("working");
    }

    @Test
    void calledAgainInANewTransactionAfterARollbackItCompletes() throws SQLException {
        PostgresClaim claim = claimed("a");
        completeIn(claim);
        connection.rollback();

        completeIn(claim);
        connection.commit();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(effects.all()).containsExactly("a");
    }

    @Test
    void inAutoCommitModeItThrowsAndCompletesNothing() throws SQLException {
        PostgresClaim claim = claimed("a");
        connection.setAutoCommit(true);

        assertThatThrownBy(() -> claim.completeIn(connection))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("setAutoCommit(false)");

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void inARepeatableReadItFailsWhereTheLockWasRenewedMeanwhile() throws SQLException {
        PostgresClaim claim = claimed("a");
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        effects.write(connection, claim);
        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);

        assertThatThrownBy(() -> claim.completeIn(connection))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("40001"));
        connection.rollback();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aRenewalBeforeItIsWaitedForAndOneAfterItWaitsForNothing() throws Exception {
        PostgresClaim claim = claimed("a");
        try (Connection renewal = queue.database.connect()) {
            renewal.setAutoCommit(false);
            renewal.createStatement()
                    .execute("UPDATE claimant.message SET locked_until = now() + interval '1 minute' WHERE id = "
                            + claim.row());
            CompletableFuture<Void> completing = CompletableFuture.runAsync(() -> {
                try {
                    completeIn(claim);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
            await().until(() -> queue.database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            renewal.commit();
            completing.get(10, TimeUnit.SECONDS);
        }
        connection.commit();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(effects.all()).containsExactly("a");
    }

    private PostgresClaim claimed(String text) {
        queue.enqueue(text);
        return (PostgresClaim) claimOne(worker);
    }

    private void completeIn(PostgresClaim claim) throws SQLException {
        effects.write(connection, claim);
        claim.completeIn(connection);
    }
}
