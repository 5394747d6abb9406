package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.postgres.DeadLetters.DeadLetter;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator can do with what was given up, with no more than the operator's role. */
class DeadLettersTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();
    private final DeadLetters dead = new DeadLetters(Roles.operator().dataSource(), queue.name);

    @Test
    void aDeadLetterIsShownWithAllThatIsKnownOfIt() {
        String id = queue.queue.enqueue(NewMessage.of("order")
                .header("type", "mail")
                .idempotencyKey("order-7")
                .orderingKey("customer-3"));
        kill(claimOne(worker), "no such customer", "the stack");

        DeadLetter letter = dead.find(id).orElseThrow();

        assertThat(letter.id()).isEqualTo(id);
        assertThat(letter.key()).isNull();
        assertThat(letter.idempotencyKey()).isEqualTo("order-7");
        assertThat(letter.orderingKey()).isEqualTo("customer-3");
        assertThat(letter.reason()).isEqualTo("no such customer");
        assertThat(letter.error()).isEqualTo("the stack");
        assertThat(letter.headers()).isEqualTo(Map.of("type", "mail"));
        assertThat(new String(letter.body(), StandardCharsets.UTF_8)).isEqualTo("order");
        assertThat(letter.attempts()).isOne();
        assertThat(letter.deadBy()).startsWith("test-worker/");
        assertThat(letter.history()).contains("the stack");
        assertThat(letter.enqueuedAt()).isBefore(letter.deadAt());
        assertThat(dead.find("0")).isEmpty();
    }

    @Test
    void theyAreListedInPages() {
        List<String> ids = killed("a", "b", "c", "d", "e");

        assertThat(dead.list(2)).extracting(DeadLetter::id).containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(dead.listAfter(ids.get(1), 10))
                .extracting(DeadLetter::id)
                .containsExactlyElementsOf(ids.subList(2, 5));
        assertThat(dead.listAfter(ids.get(4), 10)).isEmpty();
        try (TestQueue other = new TestQueue()) {
            assertThat(new DeadLetters(Roles.operator().dataSource(), other.name).list(10))
                    .isEmpty();
        }
    }

    @Test
    void whatWasPutInOnceAndIsRedrivenIsInAgain() {
        NewMessage once = NewMessage.of("order").idempotencyKey("order-7");
        assertThat(queue.queue.enqueueOnce(once)).isTrue();
        kill(claimOne(worker), "no", null);
        assertThat(queue.queue.enqueueOnce(once)).isTrue();
        kill(claimOne(worker), "no", null);
        assertThat(queue.queue.enqueueOnce(once)).isTrue();

        assertThat(dead.redriveAll()).isEqualTo(2);
        assertThat(queue.queue.enqueueOnce(once)).isFalse();

        queue.database.update("DELETE FROM claimant.message WHERE queue = ?", queue.name);
        assertThat(queue.queue.enqueueOnce(once)).isTrue();
        kill(claimOne(worker), "no", null);
        assertThat(dead.redriveAll()).isOne();
        assertThat(queue.queue.enqueueOnce(once)).isFalse();
    }

    @Test
    void aKeyThatAnotherTransactionEnqueuesMeanwhileFailsNoRedrive() throws Exception {
        NewMessage once = NewMessage.of("order").idempotencyKey("order-7");
        queue.queue.enqueueOnce(once);
        kill(claimOne(worker), "no", null);
        FutureTask<Integer> redriven = new FutureTask<>(dead::redriveAll);
        try (Connection other = queue.database.connect()) {
            other.setAutoCommit(false);
            queue.queue.enqueueOnce(other, once);
            new Thread(redriven).start();
            await().until(() -> queue.database.number("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE wait_event_type = 'Lock' AND query LIKE '%DELETE FROM claimant.dead d%'")
                    == 1);
            other.commit();
        }

        assertThat(redriven.get()).isOne();
        assertThat(queue.states()).hasSize(2);
    }

    @Test
    void oneWhoseIdIsInUseStaysAndTheOthersAreRedriven() {
        List<String> ids = killed("a", "b");
        queue.database.update(
                "INSERT INTO claimant.message (id, queue) VALUES (?, ?)", Long.valueOf(ids.get(0)), queue.name);

        assertThat(dead.redriveAll()).isOne();
        assertThat(dead.list(10)).extracting(DeadLetter::id).containsExactly(ids.get(0));
    }

    @Test
    void whatIsRedrivenIsTheSameMessageOnItsFirstAttempt() {
        queue.queue.enqueue(NewMessage.of("order").header("type", "mail").orderingKey("customer-3"));
        Claim first = claimOne(worker);
        kill(first, "no", null);

        assertThat(dead.redrive(List.of(first.id()))).isOne();

        assertThat(dead.list(10)).isEmpty();
        Claim again = claimOne(worker);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.message().idempotencyKey()).isEqualTo(first.message().idempotencyKey());
        assertThat(again.message().orderingKey()).isEqualTo("customer-3");
        assertThat(again.message().headers()).isEqualTo(Map.of("type", "mail"));
        assertThat(again.text()).isEqualTo("order");
        assertThat(again.attempt()).isOne();
        assertThat(again.delivery()).isEqualTo(2);
        assertThat(again.fencingNumber().orElseThrow())
                .isGreaterThan(first.fencingNumber().orElseThrow());
        assertThat(settle(worker, new Complete(first))).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Complete(again))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void itsHistoryGoesOnWhenItDiesAnew() {
        String id = killed("a").get(0);
        dead.redrive(List.of(id));
        kill(claimOne(worker), "again", null);

        assertThat(dead.find(id).orElseThrow().history()).contains("\"no\"", "\"again\"");
    }

    @Test
    void whatIsNotThereIsNotRedrivenNorWhatIsOfAnotherQueue() {
        String id = killed("a").get(0);
        try (TestQueue other = new TestQueue()) {
            assertThat(new DeadLetters(Roles.operator().dataSource(), other.name).redrive(List.of(id)))
                    .isZero();
        }
        assertThat(dead.redrive(List.of(id, "0"))).isOne();
        assertThat(dead.redrive(List.of(id))).isZero();
        assertThat(claim(worker)).hasSize(1);
        assertThatThrownBy(() -> dead.redrive(List.of("seven")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'seven'");
        assertThatThrownBy(() -> dead.list(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most: -1 is negative");
    }

    @Test
    void thousandsAreRedrivenOrPurgedAtOnce() {
        fill(2500);
        assertThat(dead.redriveAll()).isEqualTo(2500);
        assertThat(worker.backlog().ready()).hasValue(1000);
        assertThat(dead.list(1)).isEmpty();

        fill(2500);
        assertThat(dead.purgeOlderThan(Duration.ZERO)).isEqualTo(2500);
        assertThat(dead.list(1)).isEmpty();
    }

    @Test
    void whatIsPurgedIsGone() {
        List<String> ids = killed("a", "b");
        assertThat(dead.purge(List.of(ids.get(0)))).isOne();
        assertThat(dead.list(10)).extracting(DeadLetter::id).containsExactly(ids.get(1));
        assertThat(claim(worker)).isEmpty();
    }

    @Test
    void onlyWhatIsOldEnoughIsPurgedByAge() {
        List<String> ids = killed("old", "young");
        queue.database.update(
                "UPDATE claimant.dead SET dead_at = now() - interval '31 days' WHERE id = ?", Long.valueOf(ids.get(0)));

        assertThat(dead.purgeOlderThan(Duration.ofDays(30))).isOne();

        assertThat(dead.list(10)).extracting(DeadLetter::id).containsExactly(ids.get(1));
        assertThatThrownBy(() -> dead.purgeOlderThan(Duration.ofDays(-1))).hasMessageContaining("age: PT-24H");
    }

    @Test
    void aRowOfAnApplicationsTableIsRedrivenByItsKeyAndStaysGivenUpWhenPurged() {
        try (TestTable table = new TestTable()) {
            DeadLetters rows = new DeadLetters(Roles.operator().dataSource(), table.name);
            PostgresSource rowWorker = table.worker();
            table.insert(7);
            Claim first = claimOne(rowWorker);
            settle(rowWorker, new Settlement.DeadLetter(first, "no", null));
            DeadLetter letter = rows.list(10).get(0);
            assertThat(letter.key()).isEqualTo("7");

            assertThat(rows.redrive(List.of(letter.id()))).isOne();

            Claim again = claimOne(rowWorker);
            assertThat(again.id()).isEqualTo("7");
            assertThat(again.attempt()).isOne();
            assertThat(again.message().idempotencyKey())
                    .isEqualTo(first.message().idempotencyKey());
            settle(rowWorker, new Settlement.DeadLetter(again, "no", null));
            assertThat(rows.purgeOlderThan(Duration.ZERO)).isOne();
            assertThat(claim(rowWorker)).isEmpty();
        }
    }

    private void fill(int messages) {
        queue.database.update(
                "INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at)"
                        + " SELECT nextval('claimant.position'), ?, 'no', 1, 1, 0, now() FROM generate_series(1, ?)",
                queue.name,
                messages);
    }

    private List<String> killed(String... texts) {
        List<String> ids = queue.enqueue(texts);
        List<Claim> claims = claim(worker, texts.length);
        IntStream.range(0, texts.length).forEach(i -> kill(claims.get(i), "no", null));
        return ids;
    }

    private void kill(Claim claim, String reason, @Nullable String error) {
        assertThat(settle(worker, new Settlement.DeadLetter(claim, reason, error)))
                .isEqualTo(Verdict.APPLIED);
    }
}
