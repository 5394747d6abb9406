package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    void whileClaimsWaitForFreeSlotsNoneIsAskedForBeforeHalfOfThoseAreUsedUp() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 8;
            settings.prefetch = 0;
        }));
        rig.claim();
        finish(rig, 3);
        assertThat(rig.claim()).as("five wait for eight slots").isZero();
        finish(rig, 1);
        assertThat(rig.claim()).as("four wait for eight slots").isEqualTo(4);
    }

    @Test
    @Timeout(60)
    void whoWaitsForDemandIsWokenWhenTheLastWaitingClaimHasStartedAndASlotIsFree() throws InterruptedException {
        Rig rig = Rig.configured(settings -> {
            settings.slots = 8;
            settings.prefetch = 0;
        });
        rig.send("a", "b", "c", "d", "e");
        rig.claim();
        AtomicInteger demand = new AtomicInteger();
        Thread claimer = new Thread(() -> {
            try {
                demand.set(rig.engine.demand.await());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        claimer.start();
        await().until(() -> claimer.getState() == Thread.State.WAITING);
        for (int i = 0; i < 5; i++) {
            rig.start();
        }
        claimer.join();
        assertThat(demand).hasValue(3);
    }

    private static void finish(Rig rig, int claims) {
        for (int i = 0; i < claims; i++) {
            rig.succeed(rig.start());
        }
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
    void asMuchIsClaimedAsEverWhileTheResultsOfAWholeClaimWaitForTheirVerdicts() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 2;
            settings.prefetch = 2;
        }));
        rig.source.losesAnswers(true);
        finish(rig, rig.claim());
        finish(rig, rig.claim());
        assertThat(rig.stats().unsettled()).isEqualTo(6);
        assertThat(rig.claim()).isEqualTo(4);
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
    void failedMessagesThatWaitHereTakeNoPlaceOfOthers() {
        Rig rig = withPlenty(holdingDelays());
        parkOneByOne(rig, 40, new RetryLater(Duration.ofHours(1), "busy"));
        assertThat(rig.stats().parked()).isEqualTo(40);
        rig.claim();
        assertThat(rig.startIfAny()).isNotNull();
    }

    @Test
    void beyondTheBoundTheOneThatWouldBeDueFirstGoesBackEarly() {
        Rig rig = withPlenty(holdingDelays());
        parkOneByOne(rig, 50, new RetryLater(Duration.ofHours(2), "busy"));
        rig.send("m50", "good");
        parkOneByOne(rig, 1, new RetryLater(Duration.ofHours(1), "busy"));
        assertThat(rig.stats().parked()).isEqualTo(50);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Retry m50 APPLIED");
    }

    @Test
    void whatCouldNotBeginCountsAmongWhatIsUsedSinceNothingElseCouldBeginEither() {
        Rig rig = withPlenty(holdingDelays());
        parkOneByOne(rig, 20, RetryLater.untried(Duration.ofHours(1), "no quota"));
        assertThat(rig.stats().parked()).isEqualTo(1 + 2 + 4);
        assertThat(rig.claim()).isZero();
    }

    @Test
    void hugeBudgetsClaimAllTheSame() {
        Rig rig = withPlenty(Rig.configured(settings -> {
            settings.slots = 5;
            settings.prefetch = Integer.MAX_VALUE;
            settings.maxUnsettled = Integer.MAX_VALUE;
        }));
        assertThat(rig.claim()).isEqualTo(5);
        rig.succeed(rig.start());
        assertThat(rig.claim()).isEqualTo(45);
    }

    private static Rig holdingDelays() {
        return Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
            settings.slots = 1;
            settings.prefetch = 2;
            settings.maxUnsettled = 4;
        });
    }

    private static void parkOneByOne(Rig rig, int times, Exception failure) {
        for (int i = 0; i < times; i++) {
            rig.claim();
            Execution next = rig.startIfAny();
            if (next != null) {
                rig.fail(next, failure);
            }
        }
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
