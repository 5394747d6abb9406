package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Retry;
import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A handler that could not begin: the claim waits here and no attempt is burned. */
class UntriedTest {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TICK =
            InMemoryQueue.allCapabilities().lockLength().dividedBy(3);

    private final Rig rig = Rig.configured(settings -> {
        settings.slots = 1;
        settings.prefetch = 0;
        settings.retry = RetryPolicy.exponential().maxAttempts(1);
    });

    @Test
    void itIsHandledAgainAfterThePauseAsTheSameAttemptHoweverOften() {
        rig.send("a");
        Execution execution = putOff();
        for (int i = 0; i < 5; i++) {
            assertThat(rig.startIfAny()).isNull();
            becomeDue();
            assertThat(rig.start()).isSameAs(execution);
            assertThat(execution.claim.attempt()).isOne();
            rig.fail(execution, busy());
        }
        becomeDue();
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void withoutADelayItIsNotHandledAgainAtOnce() {
        rig.send("a");
        rig.claim();
        rig.fail(rig.start(), RetryLater.untried(Duration.ZERO, "busy"));
        rig.tick();
        assertThat(rig.startIfAny()).isNull();
        rig.advance(Duration.ofMillis(100));
        rig.tick();
        assertThat(rig.startIfAny()).isNotNull();
    }

    @Test
    void meanwhileOthersRunAndItsLockIsKept() {
        rig.send("a", "b");
        putOff();
        rig.claim();
        Execution other = rig.start();
        assertThat(other.claim.id()).isEqualTo("b");
        rig.succeed(other);
        rig.settle();
        rig.advance(TICK);
        assertThat(rig.renew()).isEqualTo(1);
    }

    @Test
    void aFailureAfterwardsIsTheOneAttemptThatItIs() {
        rig.send("a");
        putOff();
        becomeDue();
        rig.fail(rig.start(), new Exception("no"));
        rig.settle();
        assertThat(rig.queue.deadLetters())
                .extracting(dead -> dead.reason())
                .containsExactly("attempt 1 failed: java.lang.Exception: no");
    }

    @Test
    void aDrainHandsItBackUntried() {
        rig.send("a");
        putOff();
        rig.engine.drain.begin();
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled).containsExactly("Release a APPLIED");
        assertThat(rig.engine.drain.handedBack()).isOne();
        Rig next = rig.another(settings -> {});
        next.claim();
        assertThat(next.start().claim.attempt()).isOne();
    }

    @Test
    void oneThatIsPutOffDuringADrainGoesBackAtOnce() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.engine.drain.begin();
        rig.fail(running, busy());
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled).containsExactly("Release a APPLIED");
        assertThat(rig.engine.drain.handedBack()).isOne();
    }

    @Test
    void aJobWaitsForItsMessageInsteadOfEndingWithoutIt() {
        Rig job =
                Rig.configured(settings -> settings.job = JobOptions.messages(1).owner("job-1"));
        job.send("a");
        job.claim();
        job.fail(job.start(), busy());
        job.settle();
        assertThat(job.heard.settled).isEmpty();
        assertThat(job.engine.isIdle()).isFalse();
        job.advance(PAUSE);
        job.tick();
        job.succeed(job.start());
        job.settle();
        assertThat(job.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void oneThatHadFailedBeforeInThisProcessGoesBackAsThatFailure() {
        Rig job = Rig.with(
                InMemoryQueue.allCapabilities().with(all -> all.reservation(false)),
                settings -> settings.job = JobOptions.messages(1).owner("job-1"));
        job.send("a");
        job.claim();
        job.fail(job.start(), new Exception("the first attempt"));
        job.advance(PAUSE);
        job.tick();
        Execution second = job.start();
        assertThat(second.claim.attempt()).isEqualTo(2);
        job.fail(second, busy());
        job.advance(PAUSE);
        job.tick();
        assertThat(job.start().claim.attempt()).isEqualTo(2);
        job.fail(second, busy());

        job.engine.drain.begin();
        job.settle();

        assertThat(job.heard.settled).containsExactly("Retry a APPLIED");
        assertThat(job.asked.last(Retry.class).error()).contains("the first attempt");
    }

    private Execution putOff() {
        rig.claim();
        Execution execution = rig.start();
        rig.fail(execution, busy());
        rig.settle();
        assertThat(rig.heard.parked).containsExactly("a");
        return execution;
    }

    private static RetryLater busy() {
        return RetryLater.untried(PAUSE, "busy");
    }

    private void becomeDue() {
        rig.advance(PAUSE);
        rig.tick();
    }
}
