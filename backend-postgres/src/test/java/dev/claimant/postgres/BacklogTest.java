package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** At every state of a message the backlog, the scaling query as KEDA's role runs it, and the truth are the same. */
class BacklogTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();

    @Test
    void anEmptyQueueHasNone() {
        expect(0, 0, 0, 0, 0);
    }

    @Test
    void aMessageCountsUntilItIsCompleted() {
        queue.enqueue("a");
        expect(1, 1, 0, 0, 0);
        Claim claim = claimOne(worker);
        expect(1, 0, 1, 0, 0);
        renew(worker, claim);
        expect(1, 0, 1, 0, 0);
        settle(worker, new Complete(claim));
        expect(0, 0, 0, 0, 0);
    }

    @Test
    void anExpiredLockIsReady() {
        queue.enqueue("a");
        claimOne(worker);
        queue.expireLocks();
        expect(1, 1, 0, 0, 0);
    }

    @Test
    void aRetryCountsOnlyWhenItIsDue() {
        queue.enqueue("a");
        settle(worker, new Retry(claimOne(worker), Duration.ofHours(1), "x"));
        expect(0, 0, 0, 1, 0);
        queue.makeDue();
        expect(1, 1, 0, 0, 0);
    }

    @Test
    void aReleasedMessageIsReady() {
        queue.enqueue("a");
        settle(worker, new Release(claimOne(worker)));
        expect(1, 1, 0, 0, 0);
    }

    @Test
    void aReservedMessageIsInFlightAndReadyWhenTheReservationLapsed() {
        queue.enqueue("a");
        PostgresSource job = queue.worker("job");
        settle(job, new Retry(claimOne(job), Duration.ZERO, true, "x", false));
        expect(1, 0, 1, 0, 0);
        queue.makeDue();
        expect(1, 1, 0, 0, 0);
    }

    @Test
    void aDeadLetterNeverCounts() {
        queue.enqueue("a");
        settle(worker, new DeadLetter(claimOne(worker), "x", null));
        expect(0, 0, 0, 0, 1);
    }

    @Test
    void itsAgeIsThatOfTheOldestMessageWhateverItsState() throws InterruptedException {
        assertThat(worker.backlog().oldestAge()).isEmpty();
        queue.enqueue("old", "young");
        queue.database.update(
                "UPDATE claimant.message SET enqueued_at = now() - interval '1 hour' WHERE queue = ? AND body = 'old'",
                queue.name);
        expectAge(Duration.ofHours(1));

        Claim old = worker.claim(1, Duration.ZERO).get(0);
        expectAge(Duration.ofHours(1));
        settle(worker, new Retry(old, Duration.ofHours(1), "x"));
        expectAge(Duration.ofHours(1));
        queue.makeDue();

        PostgresSource other = queue.worker(); // whose first look is at everything
        Claim again = other.claim(10, Duration.ZERO).stream()
                .filter(claim -> claim.text().equals("old"))
                .findFirst()
                .orElseThrow();
        settle(other, new DeadLetter(again, "x", null));
        expectAge(Duration.ZERO);
    }

    private void expectAge(Duration least) {
        assertThat(worker.backlog().oldestAge())
                .hasValueSatisfying(age -> assertThat(age).isBetween(least, least.plusMinutes(5)));
    }

    @Test
    void countingStopsAtTheCap() {
        queue.enqueue("a", "b", "c");
        PostgresSource capped = queue.worker(PostgresConfig.queue(queue.name).scalerCap(3));
        assertThat(capped.backlog().scaler()).isEqualTo(3);
        assertThat(capped.backlog().capped()).isTrue();
        assertThat(queue.worker(PostgresConfig.queue(queue.name).scalerCap(4))
                        .backlog()
                        .capped())
                .isFalse();
    }

    @Test
    void theBacklogCanBeAskedForBeforeOpening() {
        queue.enqueue("a");
        try (PostgresSource unopened = PostgresSource.queue(queue.database.dataSource(), queue.name)) {
            assertThat(unopened.backlog().scaler()).isOne();
        }
    }

    private void expect(long scaler, long ready, long inFlight, long delayed, long dead) {
        assertThat(worker.backlog())
                .usingRecursiveComparison()
                .ignoringFields("oldestAge")
                .isEqualTo(new Backlog(
                        scaler,
                        OptionalLong.of(ready),
                        OptionalLong.of(inFlight),
                        OptionalLong.of(delayed),
                        OptionalLong.of(dead),
                        false));
        assertThat(Roles.scaler().number(worker.scalingQuery())).isEqualTo(scaler);
    }
}
