package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue and an inbox within transactions that a framework binds to threads. */
class JoiningTest {

    private final TestQueue queue = new TestQueue();
    private final FrameworkTransaction framework = new FrameworkTransaction();
    private final PostgresQueue joining = new PostgresQueue(queue.database.dataSource(), queue.name).joining(framework);
    private final Connection transaction = queue.database.connect();

    /** Stands for Spring's transaction manager. */
    private static final class FrameworkTransaction implements CallersTransaction {

        final List<Runnable> afterCommit = new ArrayList<>();

        @Nullable Connection open;

        @Override
        public @Nullable Connection connection(DataSource dataSource) {
            return open;
        }

        @Override
        public void afterCommit(Runnable action) {
            afterCommit.add(action);
        }
    }

    @BeforeEach
    void begin() throws SQLException {
        transaction.setAutoCommit(false);
        framework.open = transaction;
    }

    @AfterEach
    void close() throws SQLException {
        transaction.rollback();
        transaction.close();
    }

    @Test
    void whatIsEnqueuedInTheCallersTransactionIsThereWhenItCommitsAndWakesAfterwards() throws SQLException {
        joining.enqueue("a");
        joining.enqueue(List.of(NewMessage.of("b"), NewMessage.of("c")));
        assertThat(joining.enqueueOnce(NewMessage.of("d").idempotencyKey("k"))).isTrue();
        assertThat(joining.enqueueOnce(NewMessage.of("e").idempotencyKey("k"))).isFalse();

        assertThat(queue.states()).as("before the commit").isEmpty();
        transaction.commit();
        assertThat(queue.states()).as("after it").hasSize(4);
        assertThat(framework.afterCommit).hasSize(3);
        framework.afterCommit.forEach(Runnable::run);
    }

    @Test
    void aRollbackTakesTheMessagesBack() throws SQLException {
        joining.enqueue("a");
        joining.enqueue(List.of(NewMessage.of("b"), NewMessage.of("c")));
        joining.wake();
        transaction.rollback();

        assertThat(queue.states()).isEmpty();
    }

    @Test
    void outsideOfATransactionEachCallHasItsOwn() {
        framework.open = null;
        joining.enqueue("a");
        joining.enqueue(List.of(NewMessage.of("b"), NewMessage.of("c")));
        joining.wake();

        assertThat(queue.states()).hasSize(3);
        assertThat(framework.afterCommit).isEmpty();
    }

    @Test
    void anInboxNotesAMessageInTheCallersTransaction() throws Exception {
        Inbox inbox = new Inbox(queue.database.dataSource(), "joining-" + UUID.randomUUID());
        Claim claim = Claim.of(Message.of("1", "seat 7"));

        inbox.note(claim, transaction);
        transaction.rollback();
        inbox.note(claim, transaction);
        transaction.commit();
        assertThatThrownBy(() -> inbox.note(claim, transaction)).isInstanceOf(AlreadyDone.class);
        transaction.rollback();

        transaction.setAutoCommit(true);
        assertThatThrownBy(() -> inbox.note(claim, transaction))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("auto-commit");
        transaction.setAutoCommit(false);
        inbox.removeForgotten();
    }
}
