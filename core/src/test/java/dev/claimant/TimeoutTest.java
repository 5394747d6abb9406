package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Execution.StopReason;
import dev.claimant.Settlement.Retry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Rig rig = Rig.configured(settings -> settings.handlerTimeout = TIMEOUT);

    @Test
    void aHandlerIsInterruptedWhenItsTimeIsUpAndNotBefore() {
        Execution running = startOne();
        rig.advance(TIMEOUT.minusNanos(1));
        rig.tick();
        assertThat(rig.wasInterrupted(running)).isFalse();
        rig.advance(Duration.ofNanos(1));
        rig.tick();
        assertThat(rig.wasInterrupted(running)).isTrue();
        assertThat(running.stopReason).isEqualTo(StopReason.TIMED_OUT);
        assertThat(rig.heard.timedOut).containsExactly("a");
    }

    @Test
    void itIsToldOnce() {
        startOne();
        for (int i = 0; i < 3; i++) {
            rig.advance(TIMEOUT);
            rig.tick();
        }
        assertThat(rig.heard.timedOut).containsExactly("a");
    }

    @Test
    void theClaimIsSettledOnlyAfterTheHandlerHasReturned() {
        Execution running = startOne();
        rig.advance(TIMEOUT);
        rig.tick();
        rig.settle();
        assertThat(rig.asked.settleCalls).isEmpty();
        assertThat(rig.stats().running()).isEqualTo(1);
        rig.fail(running, new InterruptedException());
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Retry a APPLIED");
    }

    @Test
    void itsLockIsRenewedAsLongAsItIgnoresTheInterrupt() {
        startOne();
        rig.advance(TIMEOUT);
        rig.tick();
        rig.advance(Duration.ofSeconds(10));
        assertThat(rig.renew()).isEqualTo(1);
    }

    @Test
    void aNormalReturnAfterTheTimeoutIsNotBelieved() {
        Execution running = startOne();
        rig.advance(TIMEOUT);
        rig.tick();
        rig.succeed(running);
        rig.settle();
        assertThat(rig.asked.last(Retry.class).error()).isEqualTo("the handler ran longer than it may");
    }

    @Test
    void aHandlerThatReturnsInTimeIsNeverInterrupted() {
        Execution first = startOne();
        rig.advance(Duration.ofSeconds(3));
        rig.send("b");
        rig.claim();
        Execution second = rig.start();
        rig.succeed(first);
        rig.advance(Duration.ofSeconds(2));
        rig.tick();
        assertThat(rig.heard.timedOut).isEmpty();
        rig.advance(Duration.ofSeconds(3));
        rig.tick();
        assertThat(rig.heard.timedOut).containsExactly("b");
        assertThat(second.stopReason).isEqualTo(StopReason.TIMED_OUT);
    }

    @Test
    void aHandlerThatHasReturnedIsNotWatchedAnyLonger() {
        for (int i = 0; i < 10; i++) {
            rig.succeed(startOne());
            rig.settle();
        }
        assertThat(rig.engine.deadlines.watched()).isZero();
    }

    @Test
    void aLockThatIsLostAfterTheTimeoutOverrulesIt() {
        Execution running = startOne();
        rig.advance(TIMEOUT);
        rig.tick();
        rig.source.takeAway(List.of(running.claim));
        rig.fail(running, new InterruptedException());
        rig.settle();
        assertThat(rig.asked.settleCalls).isEmpty();
    }

    @Test
    void aHandlerIsStuckOnceItHasIgnoredTheInterruptForSoLong() {
        Execution running = startOne();
        rig.advance(TIMEOUT);
        rig.tick();
        assertThat(stuckForAMinute()).isZero();
        rig.advance(Duration.ofMinutes(1));
        assertThat(stuckForAMinute()).isEqualTo(1);
        rig.succeed(running);
        assertThat(stuckForAMinute()).isZero();
    }

    @Test
    void aHandlerThatWasNeverToldToStopIsNotStuck() {
        Rig unlimited = Rig.standard();
        unlimited.send("a");
        unlimited.claim();
        unlimited.start();
        unlimited.advance(Duration.ofDays(1));
        unlimited.tick();
        assertThat(unlimited.heard.timedOut).isEmpty();
        assertThat(unlimited.stats().stuck()).isZero();
    }

    private int stuckForAMinute() {
        return rig.engine.stats(Duration.ofMinutes(1).toNanos()).stuck();
    }

    private Execution startOne() {
        rig.send("a");
        rig.claim();
        return rig.start();
    }
}
