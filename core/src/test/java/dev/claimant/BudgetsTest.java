package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    @Test
    void noMoreIsClaimedThanThereAreFreeSlots() {
        Rig rig = withPlenty(Rig.configured(settings -> settings.slots = 3));
        assertThat(rig.claim()).isEqualTo(3);
        rig.start();
        assertThat(rig.claim()).isZero();
        assertThat(rig.asked.demands).containsExactly(3);
    }

    @Test
    void aSlotIsFreeAgainWhenItsHandlerHasReturnedWhateverTheSourceSays() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 1;
            settings.prefetch = 0;
            settings.maxUnsettled = 2;
        }));
        rig.claim();
        rig.succeed(rig.start());
        assertThat(rig.stats().running()).isZero();
        assertThat(rig.claim()).isEqualTo(1);
    }

    @Test
    void tooManyUnansweredEndsStopTheClaiming() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 1;
            settings.prefetch = 0;
            settings.maxUnsettled = 2;
        }));
        rig.source.losesAnswers(true);
        for (int i = 0; i < 2; i++) {
            assertThat(rig.claim()).isEqualTo(1);
            rig.succeed(rig.start());
            rig.settle();
        }
        assertThat(rig.stats().unsettled()).isEqualTo(2);
        assertThat(rig.claim()).isZero();
        rig.source.losesAnswers(false);
        rig.advance(Duration.ofSeconds(2));
        rig.settle();
        assertThat(rig.claim()).isEqualTo(1);
    }

    @Test
    void parkedClaimsCountAmongThoseThatAreHeldAndThoseAreLimited() {
        Rig rig = withPlenty(
                Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                    settings.slots = 1;
                    settings.prefetch = 2;
                    settings.maxUnsettled = 4;
                }));
        for (int i = 0; i < 20; i++) {
            rig.claim();
            Execution next = rig.startIfAny();
            if (next != null) {
                rig.fail(next, new RetryLater(Duration.ofHours(1), "busy"));
            }
        }
        assertThat(rig.stats().held()).isEqualTo(1 + 2 + 4);
        assertThat(rig.stats().parked()).isEqualTo(7);
        assertThat(rig.claim()).isZero();
    }

    @Test
    void theHandlerThatIgnoresALostLockKeepsItsSlot() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 1;
            settings.prefetch = 0;
        }));
        rig.claim();
        Execution running = rig.start();
        rig.source.takeAway(rig.heard.claimed);
        assertThat(rig.stats().held()).isZero();
        assertThat(rig.claim()).isZero();
        rig.succeed(running);
        assertThat(rig.claim()).isEqualTo(1);
    }

    private static Rig withPlenty(Rig rig) {
        for (int i = 0; i < 50; i++) {
            rig.send("m" + i);
        }
        return rig;
    }
}
