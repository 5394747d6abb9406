package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LockTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Source worker = queue.worker();

    @Test
    void theLockCountsFromBeforeTheClaimWasSent() {
        queue.enqueue("a");
        long before = System.nanoTime();

        Claim claim = claimOne(worker);

        long after = System.nanoTime();
        assertThat(claim.lockedUntilNanos() - before).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(30));
        assertThat(claim.lockedUntilNanos() - after).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(30));
        assertThat(queue.number(
                        "SELECT extract(epoch FROM locked_until - now())::int FROM claimant.message WHERE queue = ?"))
                .isBetween(20L, 30L);
    }

    @Test
    void anExpiredLockIsClaimedByAnotherWorkerAndCounted() {
        queue.enqueue("a");
        Claim first = claimOne(worker);
        queue.expireLocks();

        Claim second = claimOne(queue.worker());

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.delivery()).isEqualTo(2);
        assertThat(second.expiredLocks()).isOne();
        assertThat(second.fencingNumber().getAsLong())
                .isGreaterThan(first.fencingNumber().getAsLong());
    }

    @Test
    void anExpiredLockIsClaimedBeforeAnythingNew() {
        queue.enqueue("a");
        claimOne(worker);
        queue.enqueue("b");
        queue.expireLocks();

        assertThat(claimOne(queue.worker()).text()).isEqualTo("a");
    }

    @Test
    void whoeverLostTheLockChangesNothing() {
        queue.enqueue("a");
        Claim lost = claimOne(worker);
        queue.expireLocks();
        Source other = queue.worker();
        Claim claim = claimOne(other);

        assertThat(renew(worker, lost)).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Complete(lost))).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Retry(lost, Duration.ZERO, "late"))).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new Release(lost))).isEqualTo(Verdict.LOST);
        assertThat(settle(worker, new DeadLetter(lost, "late", null))).isEqualTo(Verdict.LOST);
        assertThat(queue.states()).containsExactly("working");
        assertThat(renew(other, claim)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void anExpiredLockThatNobodyTookIsStillOurs() {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        queue.expireLocks();

        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);

        assertThat(claim(queue.worker())).isEmpty();
        assertThat(settle(worker, new Complete(claim))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aRenewedLockHoldsForItsFullLengthAgain() {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        queue.database.update(
                "UPDATE claimant.message SET locked_until = now() + interval '1 second' WHERE queue = ?", queue.name);

        assertThat(renew(worker, claim)).isEqualTo(Verdict.APPLIED);

        assertThat(queue.number(
                        "SELECT extract(epoch FROM locked_until - now())::int FROM claimant.message WHERE queue = ?"))
                .isBetween(20L, 30L);
    }

    @Test
    void renewingWhatIsGoneIsLost() {
        queue.enqueue("a");
        Claim claim = claimOne(worker);
        queue.database.update("DELETE FROM claimant.message WHERE queue = ?", queue.name);

        assertThat(renew(worker, claim)).isEqualTo(Verdict.LOST);
    }
}
