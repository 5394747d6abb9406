package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Source worker = queue.worker();

    @Test
    void aDeadLetterKeepsTheMessageItsHistoryAndTheReason() {
        String id = queue.queue.enqueue(NewMessage.of("body")
                .header("type", "mail")
                .idempotencyKey("order-7")
                .orderingKey("customer-3"));
        settle(worker, new Retry(claimOne(worker), Duration.ZERO, "first failure"));
        Claim last = claimOne(worker);

        assertThat(settle(worker, new DeadLetter(last, "no more attempts", "second failure")))
                .isEqualTo(Verdict.APPLIED);

        assertThat(claim(worker)).isEmpty();
        assertThat(queue.states()).isEmpty();
        assertThat(dead("id")).isEqualTo(id);
        assertThat(dead("reason")).isEqualTo("no more attempts");
        assertThat(dead("error")).isEqualTo("second failure");
        assertThat(dead("convert_from(body, 'UTF8')")).isEqualTo("body");
        assertThat(dead("jsonb_object(headers)->>'type'")).isEqualTo("mail");
        assertThat(dead("idempotency_key")).isEqualTo("order-7");
        assertThat(dead("ordering_key")).isEqualTo("customer-3");
        assertThat(dead("attempts || ' ' || deliveries || ' ' || expired_locks"))
                .isEqualTo("2 2 0");
        assertThat(dead("history->0->>'error'")).isEqualTo("first failure");
        assertThat(dead("history->1->>'error'")).isEqualTo("second failure");
        assertThat(dead("dead_by LIKE 'test-worker/%'")).isEqualTo("t");
        assertThat(dead("enqueued_at < dead_at")).isEqualTo("t");
    }

    @Test
    void aDeadLetterWithoutAnErrorKeepsItsReasonInTheHistory() {
        queue.enqueue("a");

        settle(worker, new DeadLetter(claimOne(worker), "its lock expired 10 times", null));

        assertThat(dead("error IS NULL")).isEqualTo("t");
        assertThat(dead("history->0->>'error'")).isEqualTo("its lock expired 10 times");
    }

    /** A server that forgot its last numbers, or a sequence that was set back, gives a new message the id of an older one. */
    @Test
    void oneWhoseIdAnOlderDeadLetterHasIsKeptBesideIt() {
        queue.enqueue("a", "b");
        List<Claim> claims = claim(worker);
        queue.database.update(
                "INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at)"
                        + " VALUES (?, ?, 'older', 1, 1, 0, now())",
                Long.valueOf(claims.get(0).id()),
                queue.name);

        assertThat(settleAll(worker, claims.stream().map(claim -> new DeadLetter(claim, "newer", null))))
                .containsOnly(Verdict.APPLIED);

        assertThat(queue.database.column(
                        "SELECT reason FROM claimant.dead WHERE queue = ? ORDER BY reason", queue.name))
                .containsExactly("newer", "newer", "older");
    }

    private static List<Verdict> settleAll(Source source, Stream<? extends Settlement> settlements) {
        return source.settle(List.copyOf(settlements.toList()), TestQueue.WITHIN);
    }

    @Test
    void textThatTheServerCannotStoreIsMadeStorable() {
        queue.enqueue("a");

        assertThat(settle(worker, new DeadLetter(claimOne(worker), "nul \0 half \ud83d.", "x".repeat(1_000_000))))
                .isEqualTo(Verdict.APPLIED);

        assertThat(dead("reason")).isEqualTo("nul  half ?.");
        assertThat(Integer.parseInt(dead("length(error)"))).isLessThan(21_000);
    }

    private String dead(String expression) {
        return queue.database.one("SELECT " + expression + " FROM claimant.dead WHERE queue = ?", queue.name);
    }
}
