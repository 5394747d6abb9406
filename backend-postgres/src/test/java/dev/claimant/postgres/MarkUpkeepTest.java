package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The mark moves on over what is gone, and never over a message that is there or may still appear. */
class MarkUpkeepTest {

    private final TestQueue queue = new TestQueue();
    private final SharedConnection connection = connection(queue.database);
    private final MarkUpkeep marks = new MarkUpkeep(connection, queue.name);

    @BeforeEach
    void traffic() {
        fillAndComplete(queue, 2000);
    }

    @AfterEach
    void close() {
        connection.close();
        queue.close();
    }

    static SharedConnection connection(TestDatabase database) {
        return new SharedConnection(database.dataSource(), "marks");
    }

    /** Messages that come and go without a worker. */
    static void fillAndComplete(TestQueue queue, int messages) {
        queue.database.update(
                "INSERT INTO claimant.message (queue) SELECT ? FROM generate_series(1, ?)", queue.name, messages);
        queue.database.update(
                "DELETE FROM claimant.message WHERE queue = ? AND state = 'ready' AND body IS NULL", queue.name);
    }

    @Test
    void itMovesOverWhatIsGone() throws Exception {
        long end = position();

        moveTwice();

        assertThat(readyFrom()).isGreaterThanOrEqualTo(end);
        assertThat(workingFrom()).isGreaterThanOrEqualTo(end);
    }

    @Test
    void itStopsAtAReadyMessage() throws Exception {
        queue.enqueue("a");
        long position = queue.number("SELECT position FROM claimant.message WHERE queue = ?");
        fillAndComplete(queue, 2000);

        moveTwice();

        assertThat(readyFrom()).isEqualTo(position);
        assertThat(claimOne(queue.worker()).text()).isEqualTo("a");
    }

    @Test
    void itStopsAtAMessageBeingWorkedOnUntilThatIsRenewed() throws Exception {
        queue.enqueue("a");
        PostgresSource worker = queue.worker();
        Claim claim = claimOne(worker);
        fillAndComplete(queue, 2000);
        moveTwice();
        assertThat(workingFrom()).isEqualTo(queue.number("SELECT position FROM claimant.message WHERE queue = ?"));
        assertThat(readyFrom()).isGreaterThan(workingFrom());

        TestQueue.renew(worker, claim);
        fillAndComplete(queue, 2000);
        moveTwice();

        assertThat(workingFrom()).isEqualTo(queue.number("SELECT position FROM claimant.message WHERE queue = ?"));
    }

    @Test
    void aMessageThatIsCommittedLateIsNeitherMissedByTheScalingQueryNorByAClaim() throws Exception {
        PostgresSource worker = queue.worker();
        try (Connection late = queue.database.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO claimant.message (queue, body) VALUES ('" + queue.name + "', 'late')");
            for (int i = 0; i < 3; i++) {
                fillAndComplete(queue, 2000);
                moveTwice();
                assertThat(claim(worker)).isEmpty();
            }
            late.commit();
        }

        assertThat(Roles.scaler().number(worker.scalingQuery())).isOne();
        assertThat(claimOne(queue.worker()).text()).isEqualTo("late");
    }

    @Test
    void aClaimThatIsCommittedLateIsFoundWhenItsLockExpires() throws Exception {
        queue.enqueue("a");
        try (Connection late = queue.database.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE claimant.message SET state = 'working', position = nextval('claimant.position'),"
                    + " locked_until = now() + interval '30 seconds' WHERE queue = '" + queue.name + "'");
            for (int i = 0; i < 3; i++) {
                fillAndComplete(queue, 2000);
                moveTwice();
            }
            late.commit();
        }
        PostgresSource worker = queue.worker();
        assertThat(worker.backlog().inFlight()).hasValue(1);
        queue.expireLocks();

        assertThat(claimOne(worker).expiredLocks()).isOne();
    }

    @Test
    void anotherTransactionThatWritesElsewhereDoesNotHoldItBack() throws Exception {
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            long end = position();

            moveTwice();

            assertThat(readyFrom()).isGreaterThanOrEqualTo(end);
        }
    }

    @Test
    void onlyTheNewestRowsAreKept() throws Exception {
        for (int i = 0; i < 40; i++) {
            fillAndComplete(queue, 1100);
            marks.move(System.nanoTime() + TestQueue.WITHIN.toNanos());
        }

        assertThat(queue.number("SELECT count(*) FROM claimant.mark WHERE queue = ?"))
                .isBetween(10L, 12L);
    }

    /** Once for the horizon, once to move to it. */
    private void moveTwice() throws InterruptedException, SQLException {
        marks.move(System.nanoTime() + TestQueue.WITHIN.toNanos());
        marks.move(System.nanoTime() + TestQueue.WITHIN.toNanos());
    }

    private long position() {
        return queue.database.number("SELECT last_value FROM claimant.position");
    }

    private long readyFrom() {
        return queue.number("SELECT ready_from FROM claimant.mark WHERE queue = ? ORDER BY n DESC LIMIT 1");
    }

    private long workingFrom() {
        return queue.number("SELECT working_from FROM claimant.mark WHERE queue = ? ORDER BY n DESC LIMIT 1");
    }
}
