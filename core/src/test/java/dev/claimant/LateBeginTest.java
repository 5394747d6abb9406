package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The process stood still between a claim and its handler: no handler begins on a lock that may be over. */
class LateBeginTest {

    private static final Duration LOCK = InMemoryQueue.allCapabilities().lockLength();

    private final Rig rig = Rig.standard();

    @Test
    void aLockThatIsOverIsRenewedBeforeItsHandlerBegins() {
        claimOne();
        rig.advance(LOCK.multipliedBy(2));
        Execution begun = rig.start();
        assertThat(begun.claim.lockedUntilNanos() - rig.clock.nanos()).isEqualTo(LOCK.toNanos());
    }

    @Test
    void soIsOneThatCouldEndBeforeARenewalIsAnswered() {
        claimOne();
        rig.advance(LOCK.multipliedBy(2).dividedBy(3));
        Execution begun = rig.start();
        assertThat(begun.claim.lockedUntilNanos() - rig.clock.nanos()).isEqualTo(LOCK.toNanos());
    }

    @Test
    void aMessageThatAnotherWorkerHasMeanwhileIsNotRun() {
        claimOne();
        rig.advance(LOCK);
        Rig other = rig.another(settings -> {});
        other.claim();
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.heard.lost).containsExactly("a");
        assertThat(rig.stats().running() + rig.stats().held()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        other.succeed(other.start());
        other.settle();
        assertThat(other.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void withoutAnAnswerItGoesBackWithoutARun() {
        claimOne();
        rig.advance(LOCK.minusSeconds(5));
        rig.source.unreachable(true);
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.stats().running()).isZero();
        rig.source.unreachable(false);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Release a APPLIED");
    }

    @Test
    void itsTimeOutCountsFromItsBeginAndNotFromTheQuestionBefore() {
        Rig timed = Rig.configured(settings -> settings.handlerTimeout = Duration.ofSeconds(4));
        timed.send("a");
        timed.claim();
        timed.advance(LOCK.minusSeconds(5));
        timed.asked.beforeRenewal = () -> timed.advance(Duration.ofSeconds(3));
        Execution begun = timed.start();
        timed.advance(Duration.ofSeconds(3));
        timed.tick();
        assertThat(begun.stopReason).isNull();
        timed.advance(Duration.ofSeconds(1));
        timed.tick();
        assertThat(begun.stopReason).isEqualTo(Execution.StopReason.TIMED_OUT);
    }

    private void claimOne() {
        rig.send("a");
        rig.claim();
    }
}
