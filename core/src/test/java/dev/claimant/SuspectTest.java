package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message that outlived a lock may be the one that kills workers: it must not take others with it. */
class SuspectTest {

    private final Rig rig = Rig.configured(settings -> {
        settings.slots = 1;
        settings.prefetch = 5;
    });

    @BeforeEach
    void letPrefetchBegin() {
        rig.send("first");
        rig.workOffEverything();
    }

    @Test
    void itRunsAtOnceWhereASlotIsFree() {
        outliveALock("killer");
        rig.send("a", "b");
        rig.claim();
        assertThat(rig.start().claim.id()).isEqualTo("killer");
    }

    @Test
    void itNeverWaitsForASlot() {
        startOne();
        outliveALock("killer");
        rig.claim();
        rig.settle();
        assertThat(rig.waiting()).isEmpty();
        assertThat(rig.heard.settled).contains("Release killer APPLIED");
        assertThat(rig.queue.backlog().ready()).hasValue(1);
    }

    @Test
    void itIsTurnedAwayOnceAndRunsAsSoonAsNothingElseWaits() {
        Execution running = startOne();
        outliveALock("killer");
        sendMany();
        int runBefore = 0;
        while (!running.claim.id().equals("killer")) {
            running = finishAndStartNext(running);
            runBefore++;
        }
        assertThat(runBefore).isLessThan(10);
        assertThat(timesClaimed("killer")).isEqualTo(2);
    }

    @Test
    void manyOfThemAreClaimedOneByOne() {
        Execution running = startOne();
        for (int i = 0; i < 10; i++) {
            outliveALock("killer" + i);
        }
        sendMany();
        for (int i = 0; i < 20; i++) {
            running = finishAndStartNext(running);
        }
        assertThat(rig.heard.settled.stream().filter(end -> end.startsWith("Release")))
                .hasSizeLessThan(7);
    }

    @Test
    void theWorkerClaimsAheadAgainWhenItIsGone() {
        Execution running = startOne();
        outliveALock("killer");
        sendMany();
        for (int i = 0; i < 10; i++) {
            running = finishAndStartNext(running);
        }
        assertThat(rig.waiting()).isNotEmpty();
    }

    private Execution startOne() {
        rig.send("busy");
        rig.claim();
        return rig.start();
    }

    private void sendMany() {
        for (int i = 0; i < 40; i++) {
            rig.send("m" + i);
        }
    }

    private Execution finishAndStartNext(Execution running) {
        rig.advance(Duration.ofMillis(1)); // what was handed back does not gather any longer
        rig.claim();
        rig.settle();
        rig.succeed(running);
        rig.claim();
        rig.settle();
        return rig.start();
    }

    private int timesClaimed(String id) {
        return (int) rig.heard.claimed.stream()
                .filter(claim -> claim.id().equals(id))
                .count();
    }

    private void outliveALock(String id) {
        rig.send(id);
        Rig other = rig.another(settings -> settings.slots = 1);
        other.claim();
        other.source.takeAway(other.heard.claimed);
    }
}
