package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.WITHIN;
import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
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
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SettleTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Source worker = queue.worker();

    @Test
    void verdictsAreGivenPerSettlementAndInOrder() {
        queue.enqueue("a", "b", "c");
        List<Claim> claims = claim(worker);
        queue.database.update(
                "DELETE FROM claimant.message WHERE id = ?",
                Long.valueOf(claims.get(1).id()));

        List<Verdict> verdicts = worker.settle(
                claims.stream().map(claim -> (Settlement) new Complete(claim)).toList(), WITHIN);

        assertThat(verdicts).containsExactly(Verdict.APPLIED, Verdict.LOST, Verdict.APPLIED);
    }

    @Test
    void rowsThatATransactionHoldsAreUnknownAndNobodyWaitsForThem() throws SQLException {
        queue.enqueue("held", "free");
        List<Claim> claims = claim(worker);
        try (Connection handler = queue.database.connect();
                Statement statement = handler.createStatement()) {
            handler.setAutoCommit(false);
            statement.execute(
                    "SELECT 1 FROM claimant.message WHERE id = " + claims.get(0).id() + " FOR UPDATE");

            assertThat(worker.renew(claims, WITHIN)).containsExactly(Verdict.UNKNOWN, Verdict.APPLIED);
            assertThat(settle(worker, new Retry(claims.get(0), Duration.ZERO, "x")))
                    .isEqualTo(Verdict.UNKNOWN);
            assertThat(settle(worker, new Release(claims.get(0)))).isEqualTo(Verdict.UNKNOWN);
            assertThat(settle(worker, new DeadLetter(claims.get(0), "x", null))).isEqualTo(Verdict.UNKNOWN);
            assertThat(worker.settle(List.of(new Complete(claims.get(0)), new Complete(claims.get(1))), WITHIN))
                    .containsExactly(Verdict.UNKNOWN, Verdict.APPLIED);
            handler.rollback();
        }
        assertThat(settle(worker, new Complete(claims.get(0)).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aRepeatedSettlementThatWasAppliedTheFirstTimeIsApplied() {
        queue.enqueue("completed", "retried", "released", "dead");
        List<Claim> claims = claim(worker);
        List<Settlement> settlements = List.of(
                new Complete(claims.get(0)),
                new Retry(claims.get(1), Duration.ofHours(1), "x"),
                new Release(claims.get(2)),
                new DeadLetter(claims.get(3), "x", null));

        for (Settlement settlement : settlements) {
            assertThat(settle(worker, settlement)).isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, settlement.asRepeated())).isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, settlement)).isEqualTo(Verdict.LOST);
        }
        assertThat(queue.number("SELECT count(*) FROM claimant.dead WHERE queue = ?"))
                .isOne();
    }

    @Test
    void whatIsGoneAfterOurLockEndedIsLostEvenWhenRepeated() {
        Source brief = queue.worker(PostgresConfig.queue(queue.name).lockLength(Duration.ofSeconds(1)));
        queue.enqueue("a");
        Claim claim = claimOne(brief);
        queue.expireLocks();
        settle(worker, new Complete(claimOne(worker)));
        await().until(() -> System.nanoTime() > claim.lockedUntilNanos());

        assertThat(settle(brief, new Complete(claim).asRepeated())).isEqualTo(Verdict.LOST);
    }

    @Test
    void aRetriedMessageComesBackWhenItIsDueAndCountsAsAttempt() {
        queue.enqueue("a");
        assertThat(settle(worker, new Retry(claimOne(worker), Duration.ofHours(1), "smtp down")))
                .isEqualTo(Verdict.APPLIED);
        assertThat(claim(worker)).isEmpty();
        queue.makeDue();

        Claim again = claimOne(worker);

        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.expiredLocks()).isZero();
    }

    @Test
    void aRetriedMessageComesBackBeforeNewOnes() {
        queue.enqueue("a");
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "x"));
        queue.enqueue("b");

        assertThat(claimOne(queue.worker()).text()).isEqualTo("a");
    }

    @Test
    void theDelayIsTheDatabasesAndExact() {
        queue.enqueue("a");
        settle(worker, new Retry(claimOne(worker), Duration.ofSeconds(100), "x"));

        assertThat(queue.number("SELECT extract(epoch FROM due_at - now())::int FROM claimant.message WHERE queue = ?"))
                .isBetween(90L, 100L);
    }

    @Test
    void aReleasedMessageComesBackAtOnceAndBurnsNoAttempt() {
        queue.enqueue("a");
        assertThat(settle(worker, new Release(claimOne(worker)))).isEqualTo(Verdict.APPLIED);

        Claim again = claimOne(queue.worker());

        assertThat(again.attempt()).isOne();
        assertThat(again.delivery()).isEqualTo(2);
        assertThat(again.expiredLocks()).isZero();
    }

    @Test
    void everyFailureIsKeptWithItsTimeAndItsWorker() {
        queue.enqueue("a");
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "first \0 failure"));
        Claim second = claimOne(queue.worker());
        queue.expireLocks();
        claimOne(queue.worker());

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(queue.database.column(
                        "SELECT h->>'attempt' || ' ' || (h->>'by' LIKE 'test-worker/%')::text || ' ' || (h->>'error')"
                                + " FROM claimant.message, jsonb_array_elements(history) h WHERE queue = ?",
                        queue.name))
                .containsExactly("1 true first  failure", "2 true the lock ended without a settlement");
    }

    @Test
    void theHistoryKeepsTheLastTwentyFailuresEachOfBoundedLength() {
        queue.enqueue("a");
        for (int i = 1; i <= 25; i++) {
            settle(worker, new Retry(claimOne(worker), Duration.ZERO, "x".repeat(100_000)));
        }

        assertThat(queue.database.one(
                        "SELECT jsonb_array_length(history) || ' ' || (history->0->>'attempt') FROM claimant.message WHERE queue = ?",
                        queue.name))
                .isEqualTo("20 6");
        assertThat(queue.number("SELECT max(length(h->>'error')) FROM claimant.message, jsonb_array_elements(history) h"
                        + " WHERE queue = ?"))
                .isLessThan(2100);
    }

    @Test
    void renewalsOfNothingAndSettlementsOfNothingAreNothing() {
        assertThat(worker.renew(List.of(), WITHIN)).isEmpty();
        assertThat(worker.settle(List.of(), WITHIN)).isEmpty();
    }

    @Test
    void aClaimIsRenewedWhileItsSettlementIsUnknown() throws SQLException {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        try (Connection handler = queue.database.connect();
                Statement statement = handler.createStatement()) {
            handler.setAutoCommit(false);
            statement.execute("SELECT 1 FROM claimant.message WHERE id = " + claim.id() + " FOR UPDATE");
            assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.UNKNOWN);
            handler.rollback();
        }
        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);
        assertThat(settle(worker, new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }
}
