package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The source counts a release as an attempt: what was handed back, or was never run, is not buried for that. */
class CountedReleaseTest {

    private static final Capabilities COUNTED =
            InMemoryQueue.allCapabilities().with(all -> all.releaseCounted(true).reservation(false));

    private final Rig rig = Rig.with(COUNTED, CountedReleaseTest::inOrder);

    @Test
    void nothingIsClaimedAheadUnlessSaidOtherwise() {
        Rig rig = Rig.with(COUNTED, settings -> settings.slots = 1);
        rig.send("first", "a", "b", "c");
        rig.claim();
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.claim()).isEqualTo(1);
        rig.start();
        assertThat(rig.claim()).isZero();
    }

    @Test
    void whoeverSetsPrefetchHasIt() {
        Rig rig = Rig.with(COUNTED, settings -> {
            settings.slots = 1;
            settings.prefetch = 2;
        });
        rig.send("first", "a", "b", "c");
        rig.claim();
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.claim()).isEqualTo(3);
    }

    @Test
    void aMessageThatTenDrainsInterruptIsCompletedAfterwards() {
        Rig first = Rig.with(COUNTED, settings -> {});
        first.send("long");
        for (int drain = 0; drain < 10; drain++) {
            Rig worker = first.another(settings -> {});
            worker.claim();
            Execution running = worker.start();
            interrupt(worker, running);
            assertThat(worker.heard.settled).containsExactly("Release long APPLIED");
        }
        Rig last = first.another(settings -> {});
        last.workOffEverything();
        assertThat(last.heard.settled).containsExactly("Complete long APPLIED");
    }

    @Test
    void beyondTheAttemptsAndTheAllowanceItIsGivenUpWithoutARun() {
        Rig rig = Rig.with(
                COUNTED, settings -> settings.retry = RetryPolicy.exponential().maxAttempts(1));
        rig.send("long");
        int limit = 1 + Plan.RELEASE_ALLOWANCE;
        for (int drain = 0; drain < limit; drain++) {
            Rig worker = rig.another(
                    settings -> settings.retry = RetryPolicy.exponential().maxAttempts(1));
            worker.claim();
            interrupt(worker, worker.start());
        }
        rig.claim();
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.queue.deadLetters())
                .extracting(dead -> dead.reason())
                .containsExactly("gave up before attempt 12: at most 11");
    }

    @Test
    void whereOrderIsKeptAFailureCostsItsFollowersNothing() {
        sendInOrder("m1", "m2", "m3", "m4", "m5");
        for (int attempt = 1; attempt < 5; attempt++) {
            rig.claim();
            Execution running = rig.start();
            assertThat(running.claim.toString()).isEqualTo("message m1 (attempt " + attempt + ", delivery 1)");
            rig.fail(running, new IllegalStateException("not yet"));
            assertThat(rig.startIfAny()).as("a follower").isNull();
            rig.advance(Duration.ofSeconds(8));
            rig.renew();
            rig.tick();
        }
        rig.workOffEverything();
        assertThat(rig.heard.settled)
                .containsExactly(
                        "Complete m1 APPLIED",
                        "Complete m2 APPLIED",
                        "Complete m3 APPLIED",
                        "Complete m4 APPLIED",
                        "Complete m5 APPLIED");
        assertThat(rig.heard.claimed).extracting(Claim::delivery).containsOnly(1);
        assertThat(rig.heard.claimed.subList(1, 5)).extracting(Claim::attempt).containsOnly(1);
    }

    @Test
    void aDelayOfTheHandlersOwnChoiceIsWaitedOutHereToo() {
        sendInOrder("m1", "m2");
        rig.claim();
        rig.fail(rig.start(), new RetryLater(Duration.ofSeconds(10), "closed"));
        rig.settle();
        assertThat(rig.heard.settled).isEmpty();
        rig.advance(Duration.ofSeconds(10));
        rig.renew();
        rig.tick();
        assertThat(rig.start().claim.attempt()).isEqualTo(2);
    }

    @Test
    void theLastFailureLetsTheFollowersGo() {
        sendInOrder("m1", "m2");
        rig.claim();
        rig.fail(rig.start(), new PermanentFailure("never"));
        rig.settle();
        assertThat(rig.start().claim.id()).isEqualTo("m2");
    }

    @Test
    void followersOfAKeyTakeNoSlotOfOtherKeys() {
        for (int i = 0; i < 100; i++) {
            sendInOrder("hot" + i);
        }
        rig.send("x", "y");
        List<String> started = new ArrayList<>();
        while (started.size() < 3) {
            rig.claim();
            started.add(rig.start().claim.id());
        }
        assertThat(started).containsExactly("hot0", "x", "y");
    }

    @Test
    void followersOfAKeyAreHeldUpToABound() {
        for (int i = 0; i < 600; i++) {
            sendInOrder("hot" + i);
        }
        rig.claim();
        assertThat(rig.stats().held()).isBetween(150, 160);
    }

    private static void inOrder(Settings settings) {
        settings.ordered = true;
        settings.slots = 3;
    }

    private void sendInOrder(String... ids) {
        for (String id : ids) {
            rig.queue.send(new Message(id, id, new byte[0], Map.of(), null, "k"));
        }
    }

    /** A drain whose patience is over before the handler returns. */
    private static void interrupt(Rig worker, Execution running) {
        worker.engine.drain.begin();
        assertThat(worker.drainIsOver()).isFalse();
        worker.advance(Duration.ofSeconds(20));
        assertThat(worker.drainIsOver()).isFalse();
        worker.fail(running, new InterruptedException());
        worker.settle();
        assertThat(worker.drainIsOver()).isTrue();
    }
}
