package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Job on a source without reservation: a failed message is tried again in the same process. */
class JobRerunTest {

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(40);
    private static final Duration TICK =
            InMemoryQueue.allCapabilities().lockLength().dividedBy(3);

    private final Rig job = Rig.with(InMemoryQueue.allCapabilities().with(all -> all.reservation(false)), settings -> {
        settings.job = JobOptions.messages(1).owner("job-1");
        settings.retry = RetryPolicy.exponential().firstDelay(LONGEST_DELAY).maxAttempts(3);
    });

    @Test
    void theSameClaimRunsAgainAfterTheDelayAsTheNextAttempt() {
        Claim claim = failOnce();
        assertThat(job.heard.parked).containsExactly("a");
        assertThat(job.startIfAny()).isNull();
        becomeDue();
        Execution second = job.start();
        assertThat(second.claim).isSameAs(claim);
        assertThat(second.claim.attempt()).isEqualTo(2);
        job.succeed(second);
        job.settle();
        assertThat(job.heard.settled).containsExactly("Complete a APPLIED");
        assertThat(job.queue.backlog().scaler()).isZero();
    }

    @Test
    void theLockIsKeptMeanwhile() {
        failOnce();
        for (int i = 0; i < 12; i++) {
            job.advance(TICK);
            assertThat(job.renew()).isEqualTo(1);
        }
        Rig other = job.another(settings -> {});
        assertThat(other.claim()).isZero();
        assertThat(job.heard.lost).isEmpty();
    }

    @Test
    void theJobIsNotOverBeforeItsMessageIs() {
        failOnce();
        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.engine.isIdle()).isFalse();
        becomeDue();
        job.succeed(job.start());
        job.settle();
        assertThat(job.engine.isIdle()).isTrue();
    }

    @Test
    void theLastAttemptIsGivenUpWithItsNumber() {
        failOnce();
        becomeDue();
        job.fail(job.start(), new Exception("no"));
        becomeDue();
        job.fail(job.start(), new Exception("no"));
        job.settle();
        assertThat(job.queue.deadLetters())
                .extracting(dead -> dead.reason())
                .containsExactly("attempt 3 failed: java.lang.Exception: no");
    }

    @Test
    void aHandlerThatAsksForALaterRetryGetsItFromTheSource() {
        job.send("a");
        job.claim();
        job.fail(job.start(), new RetryLater(Duration.ofHours(1), "closed"));
        job.settle();
        assertThat(job.heard.settled).containsExactly("Retry a APPLIED");
        assertThat(job.engine.isIdle()).isTrue();
    }

    @Test
    void toldToStopItGivesTheParkedMessageBackAtOnce() {
        failOnce();
        job.engine.drain.begin();
        job.settle();
        assertThat(job.heard.settled).containsExactly("Retry a APPLIED");
        assertThat(job.drainIsOver()).isTrue();
        assertThat(job.engine.drain.handedBack()).isZero();
    }

    @Test
    void toldToStopInTheMidstOfTheNextAttemptItGivesTheMessageBackAsFailed() {
        failOnce();
        becomeDue();
        Execution second = job.start();
        job.engine.drain.begin();
        job.engine.context.locked(job.engine.drain::stopHandlers);
        job.fail(second, new InterruptedException());
        job.settle();
        assertThat(job.heard.settled).containsExactly("Retry a APPLIED");
        Rig other = job.another(settings -> {});
        other.claim();
        assertThat(other.heard.claimed).extracting(Claim::attempt).containsExactly(2);
    }

    private Claim failOnce() {
        job.send("a");
        job.claim();
        Execution first = job.start();
        job.fail(first, new Exception("no"));
        return first.claim;
    }

    private void becomeDue() {
        for (int i = 0; i < 9; i++) {
            job.advance(TICK);
            job.renew();
        }
        job.tick();
    }
}
