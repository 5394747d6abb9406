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
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Some pools hand out connections that are not in auto-commit mode: what is done on them is committed all the same. */
class PoolTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();
    private final DataSource pool = manualCommit(queue.database);
    private final PostgresQueue pooled = new PostgresQueue(pool, queue.name);

    @Test
    void messagesArePutIn() {
        pooled.enqueue("a");
        pooled.enqueue(List.of(NewMessage.of("b"), NewMessage.of("c")));
        pooled.enqueueOnce(NewMessage.of("d").idempotencyKey("d"));

        assertThat(TestQueue.texts(claim(worker))).containsExactly("a", "b", "c", "d");
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
