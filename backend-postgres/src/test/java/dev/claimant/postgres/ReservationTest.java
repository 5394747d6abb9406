package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Source;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReservationTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Source pod = queue.worker("job-1");

    @Test
    void aReservedMessageIsForItsOwnersNextPodAndForNobodyElse() {
        queue.enqueue("a");
        assertThat(settle(pod, reserved(claimOne(pod)))).isEqualTo(Verdict.APPLIED);

        assertThat(claim(queue.worker("job-2"))).isEmpty();
        assertThat(claim(queue.worker())).isEmpty();
        Claim again = claimOne(queue.worker("job-1"));

        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.expiredLocks()).isZero();
    }

    @Test
    void theOwnersMessageComesBeforeAllOthers() {
        queue.enqueue("a", "b");
        claimOne(queue.worker());
        Claim b = claimOne(pod);
        queue.makeDue();
        queue.enqueue("c");
        settle(pod, reserved(b));

        assertThat(claimOne(queue.worker("job-1")).text()).isEqualTo("b");
    }

    @Test
    void aLapsedReservationIsForAnyone() {
        queue.enqueue("a");
        settle(pod, reserved(claimOne(pod)));
        queue.makeDue();

        assertThat(claimOne(queue.worker("job-2")).attempt()).isEqualTo(2);
        assertThat(claim(queue.worker("job-1"))).isEmpty();
    }

    @Test
    void aReservationLastsAsPlannedUnlessTheDelayIsLonger() {
        queue.enqueue("a");
        settle(pod, reserved(claimOne(pod)));
        assertThat(queue.number("SELECT extract(epoch FROM due_at - now())::int FROM claimant.message WHERE queue = ?"))
                .isBetween(590L, 600L);

        settle(pod, new Retry(claimOne(pod), Duration.ofHours(1), true, "x", false));
        assertThat(queue.number("SELECT extract(epoch FROM due_at - now())::int FROM claimant.message WHERE queue = ?"))
                .isBetween(3590L, 3600L);
    }

    @Test
    void theOwnerTakesOverTheLiveLockOfItsDeadPodAtOnce() {
        queue.enqueue("a");
        Claim first = claimOne(pod);

        assertThat(claim(queue.worker("job-2"))).isEmpty();
        Source nextPod = queue.worker("job-1");
        Claim second = claimOne(nextPod);

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.expiredLocks()).isOne();
        assertThat(second.fencingNumber().getAsLong())
                .isGreaterThan(first.fencingNumber().getAsLong());
        assertThat(renew(pod, first)).isEqualTo(Verdict.LOST);
        assertThat(settle(pod, new Complete(first))).isEqualTo(Verdict.LOST);
        assertThat(settle(nextPod, new Complete(second))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aPodThatFindsItsMessageGoneCannotKnowThatItWasItself() {
        queue.enqueue("a");
        Claim first = claimOne(pod);
        Source nextPod = queue.worker("job-1");
        settle(nextPod, new Complete(claimOne(nextPod)));

        assertThat(settle(pod, new Complete(first).asRepeated())).isEqualTo(Verdict.LOST);
    }

    @Test
    void aPodDoesNotTakeOverWhatItHoldsItself() {
        queue.enqueue("a", "b");
        Claim a = claimOne(pod);

        assertThat(claimOne(pod).text()).isEqualTo("b");
        assertThat(claim(pod)).isEmpty();
        assertThat(renew(pod, a)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aReservedMessageCountsAsInFlight() {
        queue.enqueue("a");
        settle(pod, reserved(claimOne(pod)));

        assertThat(pod.backlog().scaler()).isOne();
        assertThat(pod.backlog().inFlight()).hasValue(1);
        assertThat(pod.backlog().ready()).hasValue(0);
    }

    @Test
    void anOwnersNameMayBeAnything() {
        queue.enqueue("a");
        Source odd = queue.worker("o'Brien\\ \"$1\" ? ; --");
        settle(odd, reserved(claimOne(odd)));

        assertThat(claim(pod)).isEmpty();
        assertThat(claimOne(queue.worker("o'Brien\\ \"$1\" ? ; --")).attempt()).isEqualTo(2);
    }

    private static Retry reserved(Claim claim) {
        return new Retry(claim, Duration.ZERO, true, "exit 1", false);
    }
}
