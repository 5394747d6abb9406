package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a drain does with the source while it waits. */
class DrainFlushTest {

    private static final Duration TICK =
            InMemoryQueue.allCapabilities().lockLength().dividedBy(3);

    private final Rig rig = Rig.configured(settings -> {
        settings.slots = 1;
        settings.drainTimeout = Duration.ofHours(1);
        settings.flushTimeout = Duration.ofSeconds(5);
    });

    @Test
    void locksAreRenewedUntilTheEnd() {
        Execution running = startOne();
        rig.engine.drain.begin();
        for (int i = 0; i < 10; i++) {
            rig.advance(TICK);
            assertThat(rig.renew()).isEqualTo(1);
        }
        rig.succeed(running);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void whatAClaimCallBringsDuringTheDrainGoesBack() throws InterruptedException {
        int demand = drainsWhileAClaimIsOnItsWay();
        assertThat(rig.drainIsOver()).isFalse();
        rig.engine.claimLoop.claim(demand);
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Release a APPLIED");
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.engine.drain.handedBack()).isEqualTo(1);
    }

    @Test
    void whatAClaimCallBringsAfterTheDrainWasOverIsGivenUp() throws InterruptedException {
        int demand = drainsWhileAClaimIsOnItsWay();
        rig.advance(Duration.ofHours(1));
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofSeconds(5));
        assertThat(rig.drainIsOver()).isTrue();
        rig.engine.claimLoop.claim(demand);
        assertThat(rig.heard.settled).containsExactly("Release a UNKNOWN");
        assertThat(rig.stats().held() + rig.stats().unsettled() + rig.stats().waiting())
                .isZero();
    }

    @Test
    void theFlushTimeoutBeginsWhenThereIsNothingLeftButToSettle() {
        Execution running = startOne();
        rig.source.unreachable(true);
        rig.engine.drain.begin();
        rig.advance(Duration.ofSeconds(20));
        assertThat(rig.drainIsOver()).isFalse();
        rig.succeed(running);
        rig.settle();
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofSeconds(4));
        rig.source.unreachable(false);
        assertThat(rig.drainIsOver()).isFalse();
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
        assertThat(rig.engine.drain.handedBack()).isZero();
    }

    @Test
    void whatIsNotAnsweredByThenIsGivenUpAndCounted() {
        Execution running = startOne();
        rig.source.unreachable(true);
        rig.succeed(running);
        rig.settle();
        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofSeconds(5));
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled).containsExactly("Complete a UNKNOWN");
        assertThat(rig.engine.drain.handedBack()).isEqualTo(1);
    }

    /** The demand of a call that the source has answered and the loop has not heard yet. */
    private int drainsWhileAClaimIsOnItsWay() throws InterruptedException {
        rig.send("a");
        int demand = rig.engine.demand.poll();
        rig.asked.answerClaim(rig.asked.claim(demand, Duration.ZERO));
        rig.engine.drain.begin();
        return demand;
    }

    private Execution startOne() {
        rig.send("a");
        rig.claim();
        return rig.start();
    }
}
