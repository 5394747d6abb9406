package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.claimant.Execution.StopReason;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final Rig rig = Rig.configured(DrainTest::configure);

    private static void configure(Settings settings) {
        settings.slots = 1;
        settings.prefetch = 3;
        settings.drainTimeout = PATIENCE;
        settings.flushTimeout = FLUSH;
        settings.retry = RetryPolicy.exponential().firstDelay(Duration.ofHours(1));
    }

    @Test
    void aWorkerThatHoldsNothingIsDrainedAtOnce() {
        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.all).containsExactly("DRAINING", "STOPPED");
        assertThat(rig.engine.drain.handedBack()).isZero();
    }

    @Test
    void nothingIsClaimedFromTheFirstMoment() {
        rig.engine.drain.begin();
        rig.send("a");
        assertThat(rig.asked.toldToStop).isTrue();
        assertThat(rig.claim()).isZero();
        assertThat(rig.asked.demands).isEmpty();
    }

    @Test
    void whatWaitsGoesBackUntriedAndUncounted() {
        Execution running = startOneAndLetTwoWait();
        rig.engine.drain.begin();
        rig.settle();
        assertThat(rig.heard.settled).contains("Release b APPLIED", "Release c APPLIED");
        assertThat(rig.drainIsOver()).isFalse();
        rig.succeed(running);
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.engine.drain.handedBack()).isEqualTo(2);
        Rig next = rig.another(settings -> settings.slots = 2);
        next.claim();
        assertThat(next.heard.claimed)
                .extracting(Claim::id, Claim::attempt)
                .containsExactly(tuple("b", 1), tuple("c", 1));
    }

    @Test
    void whatIsParkedGoesBackAtOnceAsTheFailureThatItIs() {
        Rig holding = Rig.with(
                InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), DrainTest::configure);
        holding.send("a");
        holding.claim();
        holding.fail(holding.start(), new Exception("no"));
        holding.engine.drain.begin();
        holding.settle();
        assertThat(holding.heard.settled).containsExactly("Retry a APPLIED");
        assertThat(holding.drainIsOver()).isTrue();
        assertThat(holding.engine.drain.handedBack()).isZero();
    }

    @Test
    void whatFailsDuringTheDrainIsNotParked() {
        Rig holding = Rig.with(
                InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), DrainTest::configure);
        holding.send("a");
        holding.claim();
        Execution running = holding.start();
        holding.engine.drain.begin();
        holding.fail(running, new Exception("no"));
        holding.settle();
        assertThat(holding.heard.settled).containsExactly("Retry a APPLIED");
        assertThat(holding.drainIsOver()).isTrue();
    }

    @Test
    void aRunningHandlerMayFinishWithinTheDrainTimeout() {
        Execution running = startOne();
        rig.engine.drain.begin();
        rig.advance(PATIENCE.minusNanos(1));
        assertThat(rig.drainIsOver()).isFalse();
        assertThat(running.stopReason).isNull();
        rig.succeed(running);
        assertThat(rig.drainIsOver()).as("its completion is not settled yet").isFalse();
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
        assertThat(rig.engine.drain.handedBack()).isZero();
    }

    @Test
    void afterTheDrainTimeoutHandlersAreToldToStopAndTheirMessagesAreReleased() {
        Execution running = startOne();
        rig.engine.drain.begin();
        rig.advance(PATIENCE);
        assertThat(rig.drainIsOver()).isFalse();
        assertThat(running.stopReason).isEqualTo(StopReason.DRAINED);
        assertThat(rig.wasInterrupted(running)).isTrue();
        rig.fail(running, new InterruptedException());
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Release a APPLIED");
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.engine.drain.handedBack()).isEqualTo(1);
    }

    @Test
    void aHandlerThatIgnoresThatIsLeftBehindAtTheFlushTimeout() {
        Execution running = startOne();
        rig.engine.drain.begin();
        rig.advance(PATIENCE);
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(FLUSH.minusNanos(1));
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofNanos(1));
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.engine.drain.handedBack()).isEqualTo(1);
        rig.succeed(running);
        rig.settle();
        assertThat(rig.asked.settleCalls).as("its result comes too late").isEmpty();
    }

    private Execution startOne() {
        rig.send("a");
        rig.claim();
        return rig.start();
    }

    private Execution startOneAndLetTwoWait() {
        rig.send("first", "a", "b", "c");
        rig.claim();
        rig.succeed(rig.start());
        rig.claim();
        Execution running = rig.start();
        assertThat(rig.waiting()).containsExactly("b", "c");
        return running;
    }
}
