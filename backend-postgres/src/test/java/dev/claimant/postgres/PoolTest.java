package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.IdempotencyStore.Answer;
import dev.claimant.Settlement;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Some pools hand out connections that are not in auto-commit mode: what a call does in a transaction of its own is committed all the same. */
class PoolTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();
    private final DataSource pool = manualCommit(queue.database);

    /** Such a connection may as well be that of a transaction in which nothing was done yet. */
    @Test
    void messagesAreEnqueuedWithACommitOfTheCallers() throws SQLException {
        PostgresQueue pooled = new PostgresQueue(pool, queue.name);
        assertThatThrownBy(() -> pooled.enqueue("a")).hasMessageContaining("not in auto-commit mode");

        try (Connection connection = pool.getConnection()) {
            pooled.enqueue(connection, NewMessage.of("a"));
            connection.commit();
        }

        assertThat(TestQueue.texts(claim(worker))).containsExactly("a");
    }

    @Test
    void deadLettersAreRedriven() {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        settle(worker, new Settlement.DeadLetter(claim, "no", null));

        assertThat(new DeadLetters(pool, queue.name).redriveAll()).isOne();

        assertThat(claim(worker)).hasSize(1);
    }

    @Test
    void keysAreRemembered() throws Exception {
        PostgresIdempotencyStore store = new PostgresIdempotencyStore(pool, queue.name);
        assertThat(store.begin("k", "m1", "h1")).isEqualTo(Answer.BEGUN);
        store.complete("k", "h1");
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(Answer.DONE);

        Effects effects = Effects.in(queue.database);
        Handler once = new Inbox(pool, queue.name).handler((claim, connection) -> effects.write(connection, claim));
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        once.handle(claim);
        assertThatThrownBy(() -> once.handle(claim)).isInstanceOf(AlreadyDone.class);
        assertThat(effects.all()).containsExactly("a");
    }

    private static DataSource manualCommit(TestDatabase database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        };
        dataSource.setUrl(database.url());
        return dataSource;
    }
}
