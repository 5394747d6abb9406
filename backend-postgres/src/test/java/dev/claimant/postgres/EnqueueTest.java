package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.SourceException;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EnqueueTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();
    private final NewMessage order7 = NewMessage.of("order").idempotencyKey("order-7");

    @Test
    void everythingThatAMessageWasGivenIsInItsClaim() {
        String id = queue.queue.enqueue(order7.header("type", "mail").orderingKey("customer-3"));

        Message claimed = claimOne(worker).message();

        assertThat(claimed.id()).isEqualTo(id);
        assertThat(claimed.text()).isEqualTo("order");
        assertThat(claimed.headers()).isEqualTo(Map.of("type", "mail"));
        assertThat(claimed.idempotencyKey()).isEqualTo("order-7");
        assertThat(claimed.orderingKey()).isEqualTo("customer-3");
    }

    @Test
    void inATransactionAMessageIsInWhenThatCommitsAndNotBefore() throws SQLException {
        try (Connection connection = transaction()) {
            String id = queue.queue.enqueue(connection, NewMessage.of("a"));
            queue.queue.enqueue(connection, List.of(NewMessage.of("b"), NewMessage.of("c")));
            assertThat(claim(worker)).isEmpty();
            connection.commit();

            List<Claim> claims = claim(worker);
            assertThat(TestQueue.texts(claims)).containsExactly("a", "b", "c");
            assertThat(claims.get(0).id()).isEqualTo(id);
        }
    }

    @Test
    void inATransactionThatIsRolledBackNothingIsIn() throws SQLException {
        try (Connection connection = transaction()) {
            queue.queue.enqueue(connection, NewMessage.of("a"));
            queue.queue.enqueueOnce(connection, order7);
            connection.rollback();
        }
        assertThat(claim(worker)).isEmpty();
        assertThat(queue.queue.enqueueOnce(order7)).isTrue();
    }

    @Test
    void inAutoCommitModeThereIsNoTransactionToBeIn() throws SQLException {
        try (Connection connection = queue.database.connect()) {
            assertThatThrownBy(() -> queue.queue.enqueue(connection, NewMessage.of("a")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
    }

    @Test
    void aBatchIsInInItsOrder() {
        List<String> ids = queue.queue.enqueue(IntStream.range(0, 1000)
                .mapToObj(i -> NewMessage.of("m" + i).header("number", Integer.toString(i)))
                .toList());
        assertThat(ids).hasSize(1000).doesNotHaveDuplicates();
        List<Claim> claims = claim(worker, 1000);
        assertThat(claims.stream().map(Claim::id)).containsExactlyElementsOf(ids);
        assertThat(claims.get(999).message().headers()).containsEntry("number", "999");

        assertThat(queue.queue.enqueue(List.of())).isEmpty();
    }

    @Test
    void ofABatchAllMessagesAreInOrNone() {
        TestDatabase alone = TestDatabase.empty();
        PostgresSource.migrate(alone.dataSource());
        alone.execute("ALTER TABLE claimant.message ADD CHECK (body <> 'bad')");
        PostgresQueue refusing = new PostgresQueue(alone.dataSource(), "q");

        assertThatThrownBy(() -> refusing.enqueue(List.of(NewMessage.of("good"), NewMessage.of("bad"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("enqueue into q");

        assertThat(alone.number("SELECT count(*) FROM claimant.message")).isZero();
    }

    @Test
    void aDelayedMessageIsNotThereBeforeItsTime() {
        queue.queue.enqueue(NewMessage.of("later").delay(Duration.ofMinutes(5)));
        queue.queue.enqueue(NewMessage.of("now"));

        assertThat(TestQueue.texts(claim(worker))).containsExactly("now");
        assertThat(worker.backlog().delayed()).hasValue(1);

        queue.makeDue();
        Claim later = claimOne(worker);
        assertThat(later.text()).isEqualTo("later");
        assertThat(later.attempt()).isOne();
    }

    @Test
    void aKeyIsInOnceWhileItsMessageIs() {
        assertThat(queue.queue.enqueueOnce(order7)).isTrue();
        assertThat(queue.queue.enqueueOnce(order7)).isFalse();
        assertThat(queue.queue.enqueueOnce(order7.delay(Duration.ofHours(1)))).isFalse();
        assertThat(queue.queue.enqueueOnce(NewMessage.of("x").idempotencyKey("order-8")))
                .isTrue();
        try (TestQueue other = new TestQueue()) {
            assertThat(other.queue.enqueueOnce(order7)).isTrue();
        }
        Claim claim = claimOne(worker);
        assertThat(queue.queue.enqueueOnce(order7)).isFalse();

        settle(worker, new Complete(claim));
        assertThat(queue.queue.enqueueOnce(order7)).isTrue();
        claimOne(worker); // order 8
        settle(worker, new DeadLetter(claimOne(worker), "no", null));
        assertThat(queue.queue.enqueueOnce(order7)).isTrue();
    }

    @Test
    void ofManyThatPutInOneKeyAtOnceOneIsTold() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Boolean>> answers = Collections.nCopies(40, order7).stream()
                .map(message -> threads.submit(() -> queue.queue.enqueueOnce(message)))
                .toList();
        int isNew = 0;
        for (Future<Boolean> answer : answers) {
            isNew += answer.get() ? 1 : 0;
        }
        threads.shutdown();

        assertThat(isNew).isOne();
        assertThat(queue.states()).containsExactly("ready");
    }

    @Test
    void wrongMessagesAreRefusedWithTheSettingAndItsValue() {
        assertThatThrownBy(() -> queue.queue.enqueueOnce(NewMessage.of("no key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("idempotencyKey: missing");
        assertThatThrownBy(() -> order7.delay(Duration.ofSeconds(-1))).hasMessageContaining("delay: PT-1S");
        assertThatThrownBy(() -> order7.idempotencyKey("a\0b")).hasMessageContaining("idempotencyKey: 'a\\0b'");
        assertThatThrownBy(() -> order7.header("h", "\0")).hasMessageContaining("header h: ");
    }

    /** The driver would send a question mark in its place: two keys would be one. */
    @Test
    void halfOfASurrogatePairIsRefusedAndAWholeOneIsNot() {
        assertThatThrownBy(() -> order7.idempotencyKey("a\ud83d")).hasMessageContaining("idempotencyKey: ");
        assertThatThrownBy(() -> order7.orderingKey("\udc00b")).hasMessageContaining("orderingKey: ");
        assertThatThrownBy(() -> NewMessage.of("\ud83d")).hasMessageContaining("half of a surrogate pair");
        assertThatThrownBy(() ->
                        new PostgresIdempotencyStore(queue.database.dataSource(), "halves").begin("\ud83d", "m", "h"))
                .hasMessageContaining("key: ");
        assertThatThrownBy(() -> new PostgresQueue(queue.database.dataSource(), "a\ud83d"))
                .hasMessageContaining("queue: ");

        assertThat(queue.queue.enqueueOnce(NewMessage.of("\ud83d\ude00").idempotencyKey("\ud83d\ude00")))
                .isTrue();
    }

    @Test
    void keysThatNoIndexTakesAreRefusedWithTheLimit() {
        assertThatThrownBy(() -> new PostgresIdempotencyStore(queue.database.dataSource(), "long")
                        .begin("k".repeat(1501), "m", "h"))
                .hasMessageContaining("key: 1501 bytes");
        String longest = "k".repeat(1500);
        queue.queue.enqueue(NewMessage.of("a").idempotencyKey(longest).orderingKey(longest));

        assertThatThrownBy(() -> order7.idempotencyKey(longest + "k"))
                .hasMessageContaining("idempotencyKey: 1501 bytes")
                .hasMessageContaining("1500");
        assertThatThrownBy(() -> order7.orderingKey("ä".repeat(751))).hasMessageContaining("orderingKey: 1502 bytes");
    }

    private Connection transaction() throws SQLException {
        Connection connection = Roles.worker().connect();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void whatIsLongerThanAMessageMayBeIsRefusedWithTheLimit() {
        NewMessage message = NewMessage.of("x").header("a", "x".repeat(10_000_000));

        assertThatThrownBy(() -> message.header("b", "ä".repeat(5_000_000)))
                .hasMessageStartingWith("headers: 20000002 bytes, more than the 16777216");
        assertThatThrownBy(() -> Checks.bounded("body", 268_435_457, 268_435_456))
                .hasMessageStartingWith("body: 268435457 bytes, more than the 268435456");
        assertThatThrownBy(() -> queue.database.update(
                        "INSERT INTO claimant.message (queue, headers) VALUES (?, ARRAY['a', repeat('x', 16777216)])",
                        queue.name))
                .hasStackTraceContaining("message_headers");
    }

    @Test
    void headersCountAsPartOfWhatOneStatementCarries() {
        NewMessage heavy = NewMessage.of("x").header("a", "x".repeat(9_000_000));

        assertThat(Enqueueing.isOneStatement(List.of(heavy, heavy))).isTrue();
        assertThat(Enqueueing.isOneStatement(List.of(heavy, heavy, heavy))).isFalse();
    }
}
