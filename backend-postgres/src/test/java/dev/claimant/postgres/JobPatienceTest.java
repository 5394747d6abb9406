package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** KEDA counts what others hold. A Job that found only that and ended would be followed by the next one at each poll. */
class JobPatienceTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    @AutoClose
    private final TestQueue queue = new TestQueue();

    @Test
    void aJobThatFindsOnlyLockedWorkWaitsForTheLocksEndAndTakesIt() throws Exception {
        PostgresConfig.Builder oneSecond = PostgresConfig.queue(queue.name).lockLength(Duration.ofSeconds(1));
        queue.enqueue("a");
        assertThat(TestQueue.claim(queue.worker(oneSecond))).hasSize(1);

        List<Claim> claims = queue.job(oneSecond, "next").claim(1, SHORT);

        assertThat(TestQueue.texts(claims)).containsExactly("a");
        assertThat(claims.get(0).expiredLocks()).isOne();
    }

    @Test
    void itWaitsNoLongerThanALockIs() throws Exception {
        queue.enqueue("a");
        PostgresSource failed = queue.worker("failed");
        TestQueue.settle(failed, new Retry(TestQueue.claimOne(failed), Duration.ZERO, true, "x", false));

        List<Claim> claims = queue.job(PostgresConfig.queue(queue.name).lockLength(Duration.ofSeconds(1)), "next")
                .claim(1, SHORT);

        assertThat(claims).as("reserved for ten minutes").isEmpty();
    }

    @Test
    void itWaitsForNothingWhereNothingIsHeld() throws Exception {
        PostgresSource job = queue.worker("job");
        assertThat(job.claim(1, SHORT)).isEmpty();

        queue.enqueue("a");
        Claim claim = TestQueue.claimOne(job);
        TestQueue.settle(job, new Complete(claim));
        assertThat(job.claim(1, SHORT)).isEmpty();
    }
}
