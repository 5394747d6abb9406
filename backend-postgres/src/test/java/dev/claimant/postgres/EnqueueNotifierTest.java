package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A statement of the listening connection brings all notifications of transactions that were committed before. */
class EnqueueNotifierTest {

    private static final NewMessage MESSAGE = NewMessage.of("a");

    /** Of its own: nobody else notifies there. */
    private final TestDatabase database = TestDatabase.empty();

    private final Enqueueing enqueueing = new Enqueueing("q");
    private final Connection listening = database.connect();

    @BeforeEach
    void listen() throws SQLException {
        PostgresSource.migrate(database.dataSource());
        execute(listening, "LISTEN claimant");
    }

    @AfterEach
    void close() throws SQLException {
        listening.close();
    }

    @Test
    void aMessageThatNotifiesWithinItsTransactionDoesSoWhenThatCommitsAndNotBefore() throws SQLException {
        try (Connection connection = transaction()) {
            assertThat(enqueueing.one(connection, MESSAGE, true).notified()).isTrue();
            assertThat(notified()).isZero();

            connection.commit();
        }
        assertThat(notified()).isOne();
    }

    @Test
    void onlyOneTransactionAtATimeNotifies() throws SQLException {
        try (Connection first = transaction();
                Connection second = transaction()) {
            enqueueing.one(first, MESSAGE, true);

            assertThat(enqueueing.one(second, MESSAGE, true).notified()).isFalse();
            second.commit();
            assertThat(notified()).isZero();

            first.commit();
            assertThat(enqueueing.one(second, MESSAGE, true).notified()).isTrue();
        }
    }

    @Test
    void whileAnotherTransactionNotifiesAMessageIsToldSoonAfterItsCommit() throws SQLException {
        try (Connection other = transaction()) {
            enqueueing.one(other, MESSAGE, true);

            // With an ordering key, the message may wait however long its notification takes on a slow machine.
            new PostgresQueue(database.dataSource(), "q").enqueue(MESSAGE.orderingKey("k"));

            await().until(() -> notified() == 1);
        }
    }

    @Test
    void whatIsEnqueuedManyTimesInAShortTimeIsToldTogether() throws SQLException {
        NotificationPace pace = new NotificationPace("q");
        for (int enqueued = 1; enqueued <= 10_000; enqueued++) {
            NotifierThread.notifySoon(database.dataSource(), pace);
        }

        AtomicInteger told = new AtomicInteger();
        await().until(() -> told.addAndGet(notified()) > 0);
        assertThat(told.get()).isLessThan(1000);
    }

    @Test
    void aListIsToldWithItsCommit() throws SQLException {
        new PostgresQueue(database.dataSource(), "q").enqueue(Collections.nCopies(2500, MESSAGE));

        assertThat(notified()).isOne();
    }

    @Test
    void aKeyThatIsInDoesNotNotify() throws SQLException {
        PostgresQueue queue = new PostgresQueue(database.dataSource(), "q");
        NewMessage keyed = MESSAGE.idempotencyKey("k");

        assertThat(queue.enqueueOnce(keyed)).isTrue();
        assertThat(notified()).isOne();

        assertThat(queue.enqueueOnce(keyed)).isFalse();
        assertThat(notified()).isZero();
    }

    @Test
    void theApplicationsTransactionNotifiesWhenItCommits() throws SQLException {
        PostgresQueue queue = new PostgresQueue(database.dataSource(), "q");
        try (Connection rolledBack = transaction();
                Connection committed = transaction()) {
            queue.wake(rolledBack);
            rolledBack.rollback();
            queue.enqueue(committed, MESSAGE);
            queue.wake(committed);
            assertThat(notified()).isZero();

            committed.commit();
        }
        assertThat(notified()).isOne();
    }

    @Test
    void whatALongTransactionPutInNotifiesWhenTheApplicationSaysSo() throws SQLException {
        enqueueing.one(database.connect(), MESSAGE, false);
        database.execute("UPDATE claimant.message SET enqueued_at = now() - interval '1 minute'");

        new PostgresQueue(database.dataSource(), "q").wake();

        assertThat(notified()).isOne();
    }

    @Test
    void whatIsRedrivenNotifiesHoweverOldItIs() throws SQLException {
        database.execute("""
                INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at)
                VALUES (1, 'q', 'no', 1, 1, 0, now() - interval '1 minute')""");

        new DeadLetters(database.dataSource(), "q").redriveAll();

        assertThat(notified()).isOne();
    }

    @Test
    void inAutoCommitModeThereIsNoCommitToNotifyWith() throws SQLException {
        PostgresQueue queue = new PostgresQueue(database.dataSource(), "q");
        try (Connection connection = database.connect()) {
            assertThatThrownBy(() -> queue.wake(connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("auto-commit");
        }
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private int notified() throws SQLException {
        execute(listening, "SELECT 1");
        PGNotification[] heard = listening.unwrap(PGConnection.class).getNotifications();
        return heard == null ? 0 : heard.length;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
