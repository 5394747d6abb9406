package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Retry;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The source cannot delay a retry: the worker waits it out. */
class HeldRetryTest {

    private static final Duration DELAY = Duration.ofMinutes(10);

    private final Rig rig =
            Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                settings.slots = 1;
                settings.prefetch = 0;
            });

    @Test
    void aFailedMessageWaitsWithoutASlot() {
        rig.send("a", "b");
        park("a");
        assertThat(rig.stats().parked()).isEqualTo(1);
        assertThat(rig.stats().running()).isZero();
        rig.claim();
        assertThat(rig.start().claim.id()).isEqualTo("b");
    }

    @Test
    void itsLockIsRenewedUntilTheDelayIsOverAndThenItGoesBackWithoutADelay() {
        rig.send("a");
        park("a");
        Duration tick = InMemoryQueue.allCapabilities().lockLength().dividedBy(3);
        Duration waited = Duration.ZERO;
        while (waited.compareTo(DELAY) < 0) {
            rig.tick();
            rig.settle();
            assertThat(rig.asked.settleCalls).isEmpty();
            rig.advance(tick);
            waited = waited.plus(tick);
            assertThat(rig.renew()).isEqualTo(1);
        }
        rig.tick();
        rig.settle();
        assertThat(rig.asked.last(Retry.class).delay()).isZero();
        assertThat(rig.heard.settled).containsExactly("Retry a APPLIED");
        rig.claim();
        assertThat(rig.start().claim.attempt()).isEqualTo(2);
    }

    @Test
    void parkedClaimsGoOnInTheOrderInWhichTheyAreDue() {
        rig.send("late", "soon");
        park("late");
        rig.claim();
        rig.fail(rig.start(), new RetryLater(Duration.ofSeconds(1), "busy"));
        rig.advance(Duration.ofSeconds(1));
        rig.tick();
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Retry soon");
    }

    @Test
    void aParkedClaimWhoseLockIsLostIsForgotten() {
        rig.send("a");
        park("a");
        rig.source.takeAway(rig.heard.claimed);
        assertThat(rig.stats().parked()).isZero();
        assertThat(rig.stats().held()).isZero();
        rig.advance(DELAY);
        rig.tick();
        rig.settle();
        assertThat(rig.asked.settleCalls).isEmpty();
    }

    private void park(String id) {
        rig.claim();
        rig.fail(rig.start(), new RetryLater(DELAY, "busy"));
        assertThat(rig.heard.parked).containsExactly(id);
    }
}
