package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock is 30 seconds long; a handler's time counts as the next power of two nanoseconds, here in round seconds. */
class PrefetchTest {

    private final Rig rig = Rig.configured(settings -> {
        settings.slots = 2;
        settings.prefetch = 10;
        settings.maxUnsettled = 100;
    });

    private final Deque<Execution> running = new ArrayDeque<>();

    @BeforeEach
    void sendPlenty() {
        for (int i = 0; i < 200; i++) {
            rig.send("m" + i);
        }
    }

    @Test
    void nothingIsClaimedAheadBeforeTheFirstHandlerHasReturned() {
        assertThat(rig.claim()).isEqualTo(2);
        rig.start();
        rig.start();
        assertThat(rig.claim()).isZero();
    }

    @Test
    void shortHandlersLetTheWorkerClaimAllItMayAhead() {
        handleOne(Duration.ofMillis(5));
        fillSlots();
        assertThat(rig.waiting()).hasSize(10);
    }

    @Test
    void noMoreIsClaimedAheadThanAllSlotsServeWithinALock() {
        handleOne(Duration.ofSeconds(8));
        fillSlots();
        assertThat(rig.waiting())
                .as("at most 8.6 s each: three per slot and lock")
                .hasSize(6);
    }

    @Test
    void handlersThatTakeAsLongAsALockLetNothingWait() {
        handleOne(Duration.ofSeconds(29));
        fillSlots();
        assertThat(rig.waiting()).isEmpty();
    }

    @Test
    void theBoundFollowsTheHandlers() {
        handleOne(Duration.ofSeconds(29));
        fillSlots();
        assertThat(rig.waiting()).isEmpty();
        for (int i = 0; i < 40; i++) {
            handleOne(Duration.ofMillis(5));
        }
        fillSlots();
        assertThat(rig.waiting()).hasSizeBetween(5, 10);
    }

    @Test
    void aFewUsedUpAreNotWorthACall() {
        handleOne(Duration.ofMillis(5));
        fillSlots();
        int calls = rig.asked.demands.size();
        for (int i = 0; i < 5; i++) {
            finishOne();
            fillSlots();
        }
        assertThat(rig.asked.demands).hasSize(calls);
        finishOne();
        fillSlots();
        assertThat(rig.asked.demands.get(calls)).isEqualTo(6);
    }

    @Test
    void severalClaimersShareTheDemand() {
        Rig three = Rig.with(InMemoryQueue.allCapabilities().with(all -> all.claimers(3)), settings -> {
            settings.slots = 7;
            settings.prefetch = 0;
        });
        assertThat(three.engine.demand.poll()).isEqualTo(3);
        assertThat(three.engine.demand.poll()).isEqualTo(3);
        assertThat(three.engine.demand.poll()).isEqualTo(1);
        assertThat(three.engine.demand.poll()).isZero();
    }

    private void handleOne(Duration time) {
        fillSlots();
        for (Duration left = time; !left.isZero(); left = left.minus(shorter(left))) {
            rig.advance(shorter(left));
            rig.renew();
        }
        finishOne();
    }

    private void finishOne() {
        rig.succeed(running.remove());
        rig.settle();
    }

    private static Duration shorter(Duration left) {
        Duration step = Duration.ofSeconds(10);
        return left.compareTo(step) < 0 ? left : step;
    }

    private void fillSlots() {
        rig.claim();
        for (Execution next = rig.startIfAny(); next != null; next = rig.startIfAny()) {
            running.add(next);
            rig.claim();
        }
    }
}
