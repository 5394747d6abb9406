package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Retry;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claims are endangered, and nobody has to be waited for: virtual time stands still, so that a wait would never end. */
@Timeout(10)
class EndangeredAtOnceTest {

    private static final Duration BOUND = Duration.ofHours(1);

    private final Rig rig =
            Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                settings.drainTimeout = Duration.ZERO;
                settings.flushTimeout = Duration.ofSeconds(5);
            });

    @Test
    void nobodyElseSettlesWhatIsEndangered() {
        Execution running = startOne();
        List<Execution> endangered = rig.engine.settler.endanger(rig.heard.claimed);
        rig.succeed(running);
        assertThat(rig.engine.settling.poll(Kind.COMPLETE)).isEmpty();
        assertThat(rig.engine.settler.pollEndangered(endangered)).containsExactly(running);
    }

    @Test
    void aFailureIsNotParkedAnyMore() {
        Execution running = startOne();
        List<Execution> endangered = rig.engine.settler.endanger(rig.heard.claimed);
        rig.fail(running, new Exception("no"));
        assertThat(rig.heard.parked).isEmpty();
        assertThat(rig.engine.settler.pollEndangered(endangered)).containsExactly(running);
        assertThat(running.end()).isInstanceOf(Retry.class);
    }

    @Test
    void nothingIsWaitedForWhenAllIsOver() {
        rig.succeed(startOne());
        rig.settle();
        rig.engine.endangered(rig.heard.claimed, BOUND);
        assertThat(rig.heard.all).containsExactly("claimed a", "started a", "finished a", "Complete a APPLIED");
    }

    @Test
    void aHandlerThatTheDrainLeftBehindIsNotWaitedFor() {
        startOne();
        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofSeconds(5));
        assertThat(rig.drainIsOver()).isTrue();
        rig.engine.endangered(rig.heard.claimed, BOUND);
        assertThat(rig.stats().running()).isEqualTo(1);
    }

    @Test
    void aClaimThatIsStillOnItsWayIsLost() throws Exception {
        rig.send("a");
        int demand = rig.engine.demand.poll();
        List<Claim> onTheirWay = rig.asked.claim(demand, Duration.ZERO);
        rig.engine.endangered(onTheirWay, BOUND);
        rig.asked.answerClaim(onTheirWay);
        rig.engine.claimLoop.claim(demand);
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.stats().held()).isZero();
    }

    private Execution startOne() {
        rig.send("a");
        rig.claim();
        return rig.start();
    }
}
