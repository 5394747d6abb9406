package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClaimLoopTest {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private static final Duration LINGER = Duration.ofMillis(5);

    private final Rig rig = Rig.standard();

    @Test
    void aSourceThatFailsIsAskedAfterPausesThatGrowUpToABound() {
        rig.source.unreachable(true);
        Duration bound = FIRST_PAUSE;
        for (int failures = 1; failures <= 12; failures++) {
            rig.claim();
            assertThat(rig.asked.demands).hasSize(failures);
            assertThat(pause()).isBetween(bound.dividedBy(10), bound);
            bound = bound.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? bound.multipliedBy(2) : LONGEST_PAUSE;
        }
        assertThat(rig.heard.failed).hasSize(12).containsOnly("claim");
    }

    @Test
    void anAnswerEndsThePausesAndTheNextFailureBeginsWithAShortOne() {
        rig.source.unreachable(true);
        for (int i = 0; i < 8; i++) {
            rig.claim();
            pause();
        }
        rig.source.unreachable(false);
        rig.claim();
        rig.source.unreachable(true);
        rig.claim();
        assertThat(pause()).isLessThanOrEqualTo(FIRST_PAUSE);
    }

    @Test
    void halfOfWhatAFailedCallWantedIsWantedNext() {
        rig.source.unreachable(true);
        rig.claim();
        pause();
        rig.claim();
        assertThat(rig.asked.demands).containsExactly(2, 1);
        assertThat(rig.engine.demand.callsUnderWay()).isZero();
    }

    @Test
    @Timeout(20)
    void aPauseThatIsOverBetweenTwoLooksIsOver() throws InterruptedException {
        rig.source.unreachable(true);
        rig.claim();
        rig.clock.moveWithEachLook(LONGEST_PAUSE);
        assertThat(rig.engine.demand.await()).isEqualTo(1);
    }

    @Test
    void aWakeUpEndsAPause() {
        rig.send("a");
        rig.source.unreachable(true);
        rig.claim();
        rig.source.unreachable(false);
        assertThat(rig.claim()).isZero();
        rig.source.wakeWorker();
        assertThat(rig.claim()).isEqualTo(1);
    }

    @Test
    void aWakeUpDoesNotForgetHowOftenTheSourceFailed() {
        rig.source.unreachable(true);
        for (int i = 0; i < 8; i++) {
            rig.claim();
            rig.source.wakeWorker();
        }
        rig.claim();
        assertThat(pause()).isGreaterThanOrEqualTo(LONGEST_PAUSE.dividedBy(10));
    }

    @Test
    void aCallWaitsAtMostAQuarterOfTheLock() {
        assertThat(rig.engine.demand.longestWait()).isEqualTo(Duration.ofMillis(7_500));
        Rig patient = Rig.with(
                InMemoryQueue.allCapabilities().with(all -> all.lockLength(Duration.ofHours(1))), settings -> {});
        assertThat(patient.engine.demand.longestWait()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aClaimThatIsLostOnItsWayIsToldAndNeverRuns() throws InterruptedException {
        rig.send("a", "b");
        int demand = rig.engine.demand.poll();
        List<Claim> onTheirWay = rig.asked.claim(demand, Duration.ZERO);
        rig.source.takeAway(onTheirWay.subList(0, 1));
        rig.asked.answerClaim(onTheirWay);
        rig.engine.claimLoop.claim(demand);
        assertThat(rig.heard.all).containsExactly("claimed a", "lost a", "claimed b");
        assertThat(rig.start().claim.id()).isEqualTo("b");
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.stats().held()).isEqualTo(1);
    }

    @Test
    void afterAClaimThatDoesNotFitTheHeapHalfAsManyAreAskedForDownToOne() throws InterruptedException {
        Rig rig = Rig.configured(settings -> settings.slots = 20);
        for (int i = 0; i < 20; i++) {
            rig.send("large" + i);
        }
        for (int demand : List.of(20, 10, 5, 2, 1, 1)) {
            rig.asked.failClaim(new OutOfMemoryError("Java heap space"));
            assertThat(rig.engine.demand.poll()).isEqualTo(demand);
            rig.engine.claimLoop.claim(demand);
            rig.advance(Duration.ofMinutes(1));
        }
        assertThat(rig.heard.failed).hasSize(6).containsOnly("claim");
    }

    @Test
    void claimsThatWorkAskForMoreAgain() {
        Rig rig = Rig.configured(settings -> settings.slots = 8);
        rig.source.unreachable(true);
        rig.claim();
        rig.advance(Duration.ofMinutes(1));
        rig.source.unreachable(false);
        rig.asked.demands.clear();
        for (int i = 0; i < 40; i++) {
            rig.send("m" + i);
        }
        rig.workOffEverything();
        assertThat(rig.asked.demands).startsWith(4).contains(8);
    }

    /** Twenty slots at a source that brings ten in a call, and charges for it. */
    private static Rig billed(int slots) {
        return Rig.with(
                InMemoryQueue.allCapabilities().with(all -> all.claimBatch(10).claimLinger(LINGER)), settings -> {
                    settings.slots = slots;
                    settings.prefetch = 0;
                });
    }

    private static List<Execution> startAll(Rig rig) {
        List<Execution> running = new ArrayList<>();
        for (Execution next = rig.startIfAny(); next != null; next = rig.startIfAny()) {
            running.add(next);
        }
        return running;
    }

    private static void sendMany(Rig rig, int messages) {
        for (int i = 0; i < messages; i++) {
            rig.send("m" + i);
        }
    }

    @Test
    void afterACallThatCameFullRoomForLessThanABatchWaitsForMore() {
        Rig rig = billed(20);
        sendMany(rig, 100);
        rig.claim();
        assertThat(rig.asked.demands).containsExactly(10, 10);
        for (int i = 0; i < 9; i++) {
            rig.succeed(rig.start());
        }
        assertThat(rig.claim()).as("room for nine").isZero();
        rig.succeed(rig.start());
        assertThat(rig.claim()).as("room for ten").isEqualTo(10);
    }

    @Test
    void roomForLessThanABatchWaitsNoLongerThanTheSourceSays() throws InterruptedException {
        Rig rig = billed(20);
        sendMany(rig, 100);
        rig.claim();
        List<Execution> running = startAll(rig);
        rig.succeed(running.get(0));
        assertThat(rig.claim()).isZero();
        rig.clock.moveWithEachLook(LINGER);
        assertThat(rig.engine.demand.await()).isEqualTo(1);
    }

    @Test
    void roomForLessThanABatchWaitsForNothingWhereTheLastCallBroughtLessThanItAskedFor() {
        Rig rig = billed(20);
        sendMany(rig, 15);
        rig.claim();
        List<Execution> running = startAll(rig);
        rig.succeed(running.get(0));
        rig.send("one more");
        assertThat(rig.claim()).isEqualTo(1);
    }

    @Test
    void halfOfTheSlotsNeverWaitForTheOthers() {
        Rig rig = billed(4);
        sendMany(rig, 100);
        rig.claim();
        rig.succeed(rig.start());
        assertThat(rig.claim()).isZero();
        rig.succeed(rig.start());
        assertThat(rig.claim()).isEqualTo(2);
        assertThat(billed(1).engine.demand.poll()).isEqualTo(1);
    }

    @Test
    void aMessageThatNoHandlerCanBeGivenIsDeadLetteredWithTheSourcesReason() throws InterruptedException {
        rig.send("large");
        int demand = rig.engine.demand.poll();
        Claim real = rig.source.claim(demand, Duration.ZERO).get(0);
        rig.asked.answerClaim(List.of(new Claim(real.message(), 1, 1, 0, Claim.NO_EXPIRY, -1) {
            @Override
            public String unusable() {
                return "its body of 900 MB does not fit the heap";
            }
        }));
        rig.engine.claimLoop.claim(demand);
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.asked.last(Settlement.DeadLetter.class).reason())
                .isEqualTo("its body of 900 MB does not fit the heap");
    }

    /** Moves time on until there is demand again; answers how long that took. */
    /** In real workers one in some thousand pauses was carried out after its resume, and nothing was ever claimed again. */
    @Test
    void aPauseThatComesLateIsNotCarriedOutAfterItsResume() throws Exception {
        EngineContext context = rig.engine.context;
        Thread pausing = new Thread(() -> rig.engine.suspend(true));
        context.lock.lock();
        try {
            pausing.start(); // the lock is taken: it hands its step in
            await().until(context::hasHandedIn);
            rig.engine.suspend(false);
        } finally {
            context.lock.unlock();
        }
        pausing.join();
        assertThat(rig.engine.demand.poll()).isPositive();
    }

    private Duration pause() {
        Duration step = Duration.ofMillis(1);
        Duration waited = Duration.ZERO;
        while (rig.engine.demand.isPaused()) {
            rig.advance(step);
            waited = waited.plus(step);
        }
        return waited;
    }
}
