package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Settlement.DeadLetter;
import dev.claimant.contract.NoEvents;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Some data sources (Spring's {@code TransactionAwareDataSourceProxy}, containers) hand out the connection on which their caller has a
 * transaction open. Nothing here commits it.
 */
class CallersTransactionTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    @AutoClose
    private final Connection transaction = queue.database.connect();

    private final DataSource inTransaction = handingOut(transaction);
    private final PostgresQueue proxied = new PostgresQueue(inTransaction, queue.name);
    private final String order = queue.name + " order";

    @BeforeEach
    void begin() throws SQLException {
        queue.database.execute("CREATE TABLE \"" + order + "\" (id int)");
        transaction.setAutoCommit(false);
    }

    @Test
    void enqueueRefusesAndTheCallersOrderIsRolledBack() throws SQLException {
        insertOrder();

        refuses(() -> proxied.enqueue("a"));
        refuses(() -> proxied.enqueue(List.of(NewMessage.of("a"), NewMessage.of("b"))));
        refuses(() -> proxied.enqueueOnce(NewMessage.of("a").idempotencyKey("k")));
        refuses(proxied::wake);
        nothingIsCommitted();
    }

    @Test
    void enqueueRefusesAlsoAsTheFirstStatementOfATransaction() throws SQLException {
        refuses(() -> proxied.enqueue("a"));

        insertOrder();
        nothingIsCommitted();
    }

    @Test
    void withTheConnectionAMessageIsPartOfIt() throws SQLException {
        insertOrder();
        proxied.enqueue(transaction, NewMessage.of("a"));
        nothingIsCommitted();

        proxied.enqueue(transaction, NewMessage.of("b"));
        transaction.commit();

        assertThat(TestQueue.texts(claim(queue.worker()))).containsExactly("b");
    }

    @Test
    void aTransactionThatWasBegunByHandInAutoCommitModeIsLeftOpenToo() throws SQLException {
        transaction.setAutoCommit(true);
        execute("BEGIN");
        insertOrder();

        refuses(() -> proxied.enqueue("a"));

        execute("ROLLBACK");
        assertThat(orders()).isZero();
        assertThat(queue.states()).isEmpty();
    }

    @Test
    void whateverElseTakesConnectionsForACallLeavesItAlone() throws Exception {
        PostgresSource worker = queue.worker();
        queue.enqueue("dead", "done");
        settle(worker, new DeadLetter(worker.claim(1, Duration.ZERO).get(0), "no", null));
        insertOrder();

        refuses(() -> new DeadLetters(inTransaction, queue.name).redriveAll());
        refuses(() -> new PostgresIdempotencyStore(inTransaction, "s").begin("k", "m", "h"));
        refuses(() ->
                new Inbox(inTransaction, "i").handler((claim, connection) -> {}).handle(claimOne(worker)));
        refuses(() -> PostgresSource.migrate(inTransaction));
        refuses(() -> {
            try (PostgresSource source = PostgresSource.queue(inTransaction, queue.name)) {
                source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            }
        });
        transaction.rollback();
        assertThat(orders()).isZero();
    }

    private static void refuses(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("transaction");
    }

    private void insertOrder() throws SQLException {
        execute("INSERT INTO \"" + order + "\" VALUES (1)");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute(sql);
        }
    }

    private void nothingIsCommitted() throws SQLException {
        assertThat(transaction.getAutoCommit()).isFalse();
        transaction.rollback();
        assertThat(orders()).isZero();
        assertThat(queue.states()).isEmpty();
    }

    private long orders() {
        return queue.database.number("SELECT count(*) FROM \"" + order + "\"");
    }

    /** Always the same one, which its users cannot close. */
    private static DataSource handingOut(Connection connection) {
        Connection unclosable = proxy(Connection.class, connection, "close");
        return (DataSource) Proxy.newProxyInstance(
                CallersTransactionTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> unclosable);
    }

    private static <T> T proxy(Class<T> type, T target, String ignored) {
        return type.cast(Proxy.newProxyInstance(
                CallersTransactionTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals(ignored) ? null : method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
