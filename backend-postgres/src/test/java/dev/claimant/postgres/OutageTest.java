package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class OutageTest {

    private static final Duration BRIEF = Duration.ofMillis(500);

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();

    @Test
    void aLostConnectionFailsOneClaimAndTheNextTakesANewOne() {
        queue.enqueue("a");
        queue.cutConnections();

        assertThatThrownBy(() -> claim(worker))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(queue.name);

        assertThat(claim(worker)).hasSize(1);
    }

    @Test
    void aLostConnectionLeavesASettlementUnknownAndTheNextTryAppliesIt() {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        renew(worker, claim);
        queue.cutConnections();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.UNKNOWN);

        assertThat(settle(worker, new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void whatTheServerDoesNotAnswerInTimeIsUnknown() throws SQLException {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE claimant.message IN ACCESS EXCLUSIVE MODE");
            long begun = System.nanoTime();

            assertThat(worker.settle(List.of(new Complete(claim)), BRIEF)).containsExactly(Verdict.UNKNOWN);
            assertThat(worker.renew(List.of(claim), BRIEF)).containsExactly(Verdict.UNKNOWN);

            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
            other.rollback();
        }
        assertThat(settle(worker, new Complete(claim).asRepeated())).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aClaimThatTheServerDoesNotAnswerFailsAfterTheStatementTimeout() throws SQLException {
        queue.enqueue("a");
        PostgresSource hasty = queue.worker(PostgresConfig.queue(queue.name).statementTimeout(BRIEF));
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE claimant.message IN ACCESS EXCLUSIVE MODE");

            assertThatThrownBy(() -> claim(hasty)).isInstanceOf(SourceException.class);
            other.rollback();
        }
        assertThat(claim(hasty)).hasSize(1);
    }

    @Test
    void anUnreachableServerIsASourceExceptionAndOpeningCanBeTriedAgain() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/nowhere?user=nobody");
        try (PostgresSource source = PostgresSource.queue(nowhere, queue.name)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> source.open(TestQueue.plan(null), NoEvents.INSTANCE))
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining("SQLSTATE 08001");
            }
        }
    }

    @Test
    void aClosedSourceGivesItsConnectionsBack() {
        queue.enqueue("a");
        settle(worker, new Complete(claimOne(worker)));
        assertThat(queue.connections()).isEqualTo(2);

        worker.close();

        org.awaitility.Awaitility.await().until(() -> queue.connections() == 0);
    }
}
