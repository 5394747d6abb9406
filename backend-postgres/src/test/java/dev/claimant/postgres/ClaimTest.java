package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static dev.claimant.postgres.TestQueue.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.spi.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ClaimTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Source worker = queue.worker();

    @Test
    void claimsInTheOrderOfEnqueueingUpToTheDemand() {
        queue.enqueue("a", "b", "c");

        assertThat(texts(claim(worker, 2))).containsExactly("a", "b");
        assertThat(texts(claim(worker, 2))).containsExactly("c");
        assertThat(claim(worker)).isEmpty();
    }

    @Test
    void aClaimCarriesTheMessage() {
        String id = queue.queue.enqueue(NewMessage.of(new byte[] {0, 1, -1})
                .headers(Map.of("type", "mail", "empty", ""))
                .idempotencyKey("order-7"));

        Claim claim = claimOne(worker);

        assertThat(claim.id()).isEqualTo(id);
        assertThat(claim.message().body()).containsExactly(0, 1, -1);
        assertThat(claim.message().headers()).containsExactlyInAnyOrderEntriesOf(Map.of("type", "mail", "empty", ""));
        assertThat(claim.message().idempotencyKey()).isEqualTo("order-7");
        assertThat(claim.message().enqueuedAt()).isNotNull();
        assertThat(claim.attempt()).isOne();
        assertThat(claim.delivery()).isOne();
        assertThat(claim.expiredLocks()).isZero();
    }

    @Test
    void twoWorkersNeverClaimTheSameMessage() {
        queue.enqueue("a", "b", "c");

        List<Claim> first = claim(worker, 2);
        List<Claim> second = claim(queue.worker(), 2);

        assertThat(texts(first)).containsExactly("a", "b");
        assertThat(texts(second)).containsExactly("c");
    }

    @Test
    void aCompletedMessageIsGone() {
        queue.enqueue("a");

        assertThat(settle(worker, new Complete(claimOne(worker)))).isEqualTo(Verdict.APPLIED);

        assertThat(queue.states()).isEmpty();
    }
}
