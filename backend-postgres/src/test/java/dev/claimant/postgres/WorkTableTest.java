package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.spi.Source;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTableTest {

    @AutoClose
    private final TestTable table = new TestTable();

    private final PostgresSource worker = table.worker();

    @Test
    void aPendingRowIsClaimedWithItsColumnsAsJson() {
        table.insert(7);

        Claim claim = claimOne(worker);

        assertThat(claim.id()).isEqualTo("7");
        assertThat(claim.text()).isEqualTo("{\"id\":7,\"seconds\":3}");
        assertThat(claim.attempt()).isOne();
        assertThat(claim(worker)).isEmpty();
        assertThat(claim(table.worker())).isEmpty();
    }

    @Test
    void aCompletedRowIsNotClaimedAgainAndLeavesNothingWhenItsConditionIsFalse() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.status(7, "SUCCESS");

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);

        assertThat(claim(worker)).isEmpty();
        assertThat(table.states()).isEmpty();
    }

    @Test
    void aCompletedRowThatStillLooksPendingIsNotClaimedAgain() {
        table.insert(7);

        assertThat(settle(worker, new Complete(claimOne(worker)))).isEqualTo(Verdict.APPLIED);

        assertThat(claim(worker)).isEmpty();
        assertThat(table.states()).containsExactly("done");
        assertThat(worker.backlog().scaler()).isZero();
    }

    @Test
    void aRowThatIsPendingAnewAfterItsConditionWasFalseIsNewWork() {
        table.insert(7);
        Claim first = claimOne(worker);
        table.status(7, "SUCCESS");
        settle(worker, new Complete(first));
        table.status(7, "PENDING");

        Claim second = claimOne(worker);

        assertThat(second.attempt()).isOne();
        assertThat(second.message().idempotencyKey())
                .isNotEqualTo(first.message().idempotencyKey());
        assertThat(second.fencingNumber().getAsLong())
                .isGreaterThan(first.fencingNumber().getAsLong());
    }

    @Test
    void aClaimedRowStaysWorkWhateverItsConditionSays() {
        table.insert(7);
        claimOne(worker);
        table.status(7, "RUNNING");
        table.expireLocks();

        Claim again = claimOne(table.worker());

        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.expiredLocks()).isOne();
        assertThat(again.text()).isEqualTo("{\"id\":7,\"seconds\":3}");
    }

    @Test
    void aRetriedRowComesBackWhateverItsConditionSays() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.status(7, "RUNNING");

        assertThat(settle(worker, new Retry(claim, Duration.ZERO, "x"))).isEqualTo(Verdict.APPLIED);

        assertThat(claimOne(table.worker()).attempt()).isEqualTo(2);
    }

    @Test
    void aDeadLetteredRowStaysBlockedAndIsFoundWithItsReason() {
        table.insert(7);

        assertThat(settle(worker, new DeadLetter(claimOne(worker), "no such address", "stack")))
                .isEqualTo(Verdict.APPLIED);

        assertThat(claim(worker)).isEmpty();
        assertThat(worker.backlog().scaler()).isZero();
        assertThat(table.database.one(
                        "SELECT key || ' ' || reason || ' ' || convert_from(body, 'UTF8') FROM claimant.dead WHERE queue = ?",
                        table.name))
                .isEqualTo("7 no such address {\"id\":7,\"seconds\":3}");
    }

    @Test
    void aRowDeletedWhileClaimedCanBeCompleted() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.delete(7);

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(table.states()).isEmpty();
    }

    @Test
    void aRowDeletedWhileItWaitsIsForgottenByTheNextClaim() {
        table.insert(7);
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "x"));
        table.delete(7);
        assertThat(worker.backlog().scaler()).isOne();

        assertThat(claim(worker)).isEmpty();

        assertThat(table.states()).isEmpty();
        assertThat(worker.backlog().scaler()).isZero();
    }

    @Test
    void whatIsDoneIsForgottenOnceItsConditionIsFalse() {
        table.insert(7);
        table.insert(8);
        claim(worker).forEach(claim -> settle(worker, new Complete(claim)));
        assertThat(table.states()).containsExactly("done", "done");
        table.status(7, "SUCCESS");

        claim(table.worker());

        assertThat(table.column("key")).containsExactly("8");
    }

    @Test
    void aQueueOfTheSameNameAndItKeepTheirHandsOffEachOther() {
        PostgresSource queue = PostgresSource.queue(table.database.dataSource(), table.name);
        queue.open(TestQueue.plan(null), NoEvents.INSTANCE);
        new PostgresQueue(table.database.dataSource(), table.name).enqueue("of the queue");
        table.insert(7);
        settle(queue, new Retry(claimOne(queue), Duration.ZERO, "later"));
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "later"));

        assertThat(TestQueue.texts(claim(worker))).containsExactly("{\"id\":7,\"seconds\":3}");
        assertThat(TestQueue.texts(claim(queue))).containsExactly("of the queue");
        queue.close();
    }

    @Test
    void rowsAreClaimedInTheOrderAskedFor() {
        table.insert(7);
        table.insert(9);
        table.insert(8);

        assertThat(claim(table.worker(table.config().orderBy("id"))))
                .extracting(Claim::id)
                .containsExactly("7", "8", "9");
    }

    @Test
    void withoutColumnsNamedTheBodyIsTheWholeRow() {
        table.insert(7);
        PostgresConfig.Builder config = PostgresConfig.table(table.name).pending(table.pending);

        assertThat(claimOne(table.worker(config)).text()).isEqualTo("{\"id\":7,\"seconds\":3,\"secret\":\"x\"}");
    }

    @Test
    void aReservedRowIsForItsOwnersNextPodAndATakeoverNeedsNoWaiting() {
        table.insert(7);
        Source pod = table.worker(table.config(), "job-1");
        settle(pod, new Retry(claimOne(pod), Duration.ZERO, true, "exit 1", false));

        assertThat(claim(worker)).isEmpty();
        assertThat(worker.backlog().scaler()).isOne();
        assertThat(claimOne(table.worker(table.config(), "job-1")).attempt()).isEqualTo(2);
        Claim takenOver = claimOne(table.worker(table.config(), "job-1"));

        assertThat(takenOver.attempt()).isEqualTo(3);
        assertThat(takenOver.expiredLocks()).isOne();
    }

    @Test
    void theScalingQueryCountsPendingRowsAndRowsBeingWorkedOnOnce() {
        table.insert(7);
        table.insert(8);
        table.insert(9);
        assertThat(worker.backlog().scaler()).isEqualTo(3);

        Claim claim = claimOne(worker);
        assertThat(worker.backlog().scaler()).isEqualTo(3);
        table.status(Long.parseLong(claim.id()), "RUNNING");
        assertThat(worker.backlog().scaler()).isEqualTo(3);
        assertThat(table.database.number(worker.scalingQuery())).isEqualTo(3);
        assertThat(worker.backlog().inFlight()).hasValue(1);
        assertThat(worker.backlog().ready()).hasValue(2);

        settle(worker, new Retry(claim, Duration.ofHours(1), "x"));
        assertThat(worker.backlog().scaler()).isEqualTo(2);
        assertThat(worker.backlog().delayed()).hasValue(1);
    }

    @Test
    void theBacklogsAgeIsThatOfTheFirstPendingRowWhereRowsAreOrderedByATime() {
        table.database.execute(
                "ALTER TABLE \"" + table.name + "\" ADD COLUMN added timestamptz NOT NULL DEFAULT now()");
        table.insert(1);
        table.insert(2);
        table.database.execute("UPDATE \"" + table.name + "\" SET added = now() - interval '1 hour' WHERE id = 2");

        assertThat(worker.backlog().oldestAge()).isEmpty();
        assertThat(table.worker(table.config().orderBy("added")).backlog().oldestAge())
                .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ofHours(1), Duration.ofHours(2)));
    }

    @ParameterizedTest
    @CsvSource({"timestamptz, infinity", "timestamp, -infinity", "date, 5000000-01-01", "date, 4000-01-01 BC"})
    void aTimeThatIsNoDateOfOursIsLeftOutOfTheBacklogsAge(String type, String time) {
        table.database.execute("ALTER TABLE \"" + table.name + "\" ADD COLUMN added " + type);
        table.insert(1);
        table.insert(2);
        table.database.execute("UPDATE \"" + table.name + "\" SET added = '" + time + "' WHERE id = 1");
        table.database.execute("UPDATE \"" + table.name + "\" SET added = now() - interval '1 hour' WHERE id = 2");

        Backlog backlog = table.worker(table.config().orderBy("added")).backlog();

        assertThat(backlog.scaler()).isEqualTo(2);
        assertThat(backlog.oldestAge())
                .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ofHours(1), Duration.ofDays(3)));
    }
}
