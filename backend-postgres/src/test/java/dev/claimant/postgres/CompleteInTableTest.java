package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same for rows of the application's own table. */
class CompleteInTableTest {

    private final TestTable table = new TestTable();
    private final PostgresSource worker = table.worker();
    private final Connection connection = table.database.connect();
    private PostgresClaim claim;

    @BeforeEach
    void claimARow() throws SQLException {
        connection.setAutoCommit(false);
        table.insert(7);
        claim = (PostgresClaim) claimOne(worker);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        table.close();
    }

    @Test
    void aRowThatTheTransactionMakesLookDoneLeavesNothing() throws SQLException {
        markDone();
        claim.completeIn(connection);
        connection.commit();

        assertThat(table.states()).isEmpty();
        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);
        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(claim(worker)).isEmpty();
    }

    @Test
    void aRowThatStillLooksPendingIsDoneAllTheSame() throws SQLException {
        claim.completeIn(connection);
        connection.commit();

        assertThat(table.states()).containsExactly("done");
        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);
        assertThat(settle(worker, new Retry(claim, Duration.ZERO, "too late").asRepeated()))
                .isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
        assertThat(claim(worker)).isEmpty();
    }

    @Test
    void aTransactionThatWasRolledBackBringsTheRowBackAsAFailedAttempt() throws SQLException {
        markDone();
        claim.completeIn(connection);
        connection.rollback();

        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.LOST);

        assertThat(claimOne(worker).attempt()).isEqualTo(2);
        assertThat(table.column("history->0->>'error'")).first().asString().contains("completeIn did not commit");
    }

    @Test
    void afterTheLockWasLostTheApplicationsRowCannotBeChangedEither() throws SQLException {
        table.expireLocks();
        claimOne(table.worker());
        markDone();

        assertThatThrownBy(() -> claim.completeIn(connection)).hasMessageContaining("lock was lost");
        connection.commit(); // the server rolls back, the driver says nothing

        assertThat(table.states()).containsExactly("working");
        assertThat(table.database.column("SELECT 1 FROM \"" + table.name + " state\""))
                .isEmpty();
    }

    private void markDone() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO \"" + table.name + " state\" VALUES (7, 'DONE')");
        }
    }
}
