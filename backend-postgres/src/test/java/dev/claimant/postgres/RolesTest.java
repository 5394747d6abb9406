package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shipped roles suffice for their work and for no more. */
class RolesTest {

    @Test
    void theWorkersRoleCanDoAllThatAWorkerDoes() throws Exception {
        try (TestQueue queue = new TestQueue();
                PostgresSource worker = PostgresSource.queue(Roles.worker().dataSource(), queue.name)) {
            worker.open(TestQueue.plan("job"), NoEvents.INSTANCE);
            queue.enqueue("a", "b", "c", "d");
            List<Claim> claims = claim(worker);

            assertThat(worker.renew(claims, TestQueue.WITHIN)).containsOnly(Verdict.APPLIED);
            assertThat(settle(worker, new Complete(claims.get(0)))).isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, new Retry(claims.get(1), Duration.ZERO, true, "x", false)))
                    .isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, new Release(claims.get(2)))).isEqualTo(Verdict.APPLIED);
            assertThat(settle(worker, new DeadLetter(claims.get(3), "x", null))).isEqualTo(Verdict.APPLIED);
            assertThat(claim(worker)).hasSize(2);
            assertThat(worker.backlog().scaler()).isEqualTo(2);
            MarkUpkeepTest.fillAndComplete(queue, 2500);
            new MarkUpkeep(MarkUpkeepTest.connection(Roles.worker()), queue.name)
                    .move(System.nanoTime() + TestQueue.WITHIN.toNanos());
            assertThat(queue.number("SELECT count(*) FROM claimant.mark WHERE queue = ?"))
                    .isPositive();
        }
    }

    @Test
    void theWorkersRoleCanCompleteInATransactionOfItsOwn() throws Exception {
        try (TestQueue queue = new TestQueue();
                PostgresSource worker = PostgresSource.queue(Roles.worker().dataSource(), queue.name);
                Connection connection = Roles.worker().connect()) {
            worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
            queue.enqueue("a");
            Claim claim = claimOne(worker);
            connection.setAutoCommit(false);

            ((PostgresClaim) claim).completeIn(connection);
            connection.commit();

            assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
            assertThat(queue.states()).isEmpty();
        }
    }

    @Test
    void withSelectOnTheApplicationsTablesTheWorkersRoleWorksThemAndTheScalersCountsThem() {
        try (TestTable table = new TestTable()) {
            table.database.execute("GRANT SELECT ON \"" + table.name + "\", \"" + table.name
                    + " state\" TO claimant_worker, claimant_scaler");
            table.insert(1);
            table.insert(2);
            PostgresSource worker = PostgresSource.of(
                    Roles.worker().dataSource(), table.config().build());
            try (worker) {
                worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
                assertThat(Roles.scaler().number(worker.scalingQuery())).isEqualTo(2);
                Claim claim = claimOne(worker);
                assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);
                assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
                assertThat(settle(worker, new DeadLetter(claimOne(worker), "x", null)))
                        .isEqualTo(Verdict.APPLIED);
                assertThat(Roles.scaler().number(worker.scalingQuery())).isZero();
            }
        }
    }

    @Test
    void theScalersRoleSeesNoBodyAndChangesNothing() {
        assertThatThrownBy(() -> Roles.scaler().column("SELECT body FROM claimant.message"))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> Roles.scaler().column("SELECT reason FROM claimant.dead"))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> Roles.scaler().update("DELETE FROM claimant.message"))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void theWorkersRoleCannotChangeDeadLettersOrTheSchema() {
        assertThatThrownBy(() -> Roles.worker().update("DELETE FROM claimant.dead"))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> Roles.worker().execute("DROP TABLE claimant.message"))
                .hasStackTraceContaining("must be owner");
    }

    @Test
    void theOperatorsRoleChangesDeadLettersAndCompletesNothing() {
        assertThatThrownBy(() -> Roles.operator().update("DELETE FROM claimant.message"))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> Roles.operator().update("UPDATE claimant.dead SET reason = 'x'"))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void theRolesScriptCanBeRunAgain() {
        TestDatabase.shared().execute(PostgresSource.rolesSql());
    }
}
