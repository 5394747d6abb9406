package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message that has outlived several locks may be the one that kills workers: it runs alone. */
class SuspectTest {

    private static final Capabilities TELLS_CRASHES = InMemoryQueue.allCapabilities();

    /** As RabbitMQ until 4.2: what comes back counts, whatever the reason was. */
    private static final Capabilities COUNTS_ALL =
            InMemoryQueue.allCapabilities().with(all -> all.releaseCounted(true).reservation(false));

    private Rig rig = Rig.with(TELLS_CRASHES, SuspectTest::threeSlots);

    private boolean crashesShow = true;

    @Test
    void afterOneCrashOfAWorkerItsMessagesRunBesideEachOther() {
        rig.send("a", "b", "c");
        die();
        rig.claim();
        assertThat(List.of(started(), started(), started())).containsExactly("a", "b", "c");
    }

    @Test
    void aSuspectRunsAloneAndWhatCameWithItGoesBackFirst() {
        rig.send("killer", "a", "b");
        die();
        die();
        rig.claim();
        assertThat(rig.startIfAny()).as("before the others are back").isNull();
        rig.settle();
        assertThat(rig.heard.settled).containsExactlyInAnyOrder("Release a APPLIED", "Release b APPLIED");
        assertThat(started()).isEqualTo("killer");
        assertThat(rig.claim()).isZero();
        assertThat(rig.startIfAny()).isNull();
    }

    @Test
    void itWaitsUntilWhatRunsHasReturnedAndIsSettled() {
        rig.send("innocent");
        rig.claim();
        Execution running = rig.start();
        outliveLocks("killer");
        rig.claim();
        assertThat(rig.startIfAny()).isNull();
        rig.succeed(running);
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(started()).isEqualTo("killer");
    }

    @Test
    void suspectsComeOneByOneAndOthersInNumbersAgain() {
        for (int i = 0; i < 4; i++) {
            outliveLocks("suspect" + i);
        }
        rig.send("a", "b", "c");
        rig.claim();
        rig.settle();
        for (int i = 0; i < 4; i++) {
            rig.claim();
            Execution alone = rig.start();
            assertThat(alone.claim.id()).isEqualTo("suspect" + i);
            assertThat(rig.startIfAny()).isNull();
            rig.succeed(alone);
            rig.settle();
        }
        rig.claim();
        rig.claim();
        assertThat(List.of(started(), started(), started())).containsExactly("a", "b", "c");
    }

    @Test
    void aMessageThatKillsItsProcessIsGivenUpAndItsNeighboursAreNot() {
        rig.send("killer", "a", "b", "c", "d");
        for (int crash = 0; crash < 20 && rig.queue.deadLetters().isEmpty(); crash++) {
            dieOfTheKiller();
        }
        assertThat(rig.queue.deadLetters())
                .extracting(dead -> dead.claim().id() + ": " + dead.reason())
                .containsExactly("killer: gave up before attempt 6: at most 5");
        completeTheOthers();
    }

    @Test
    void whereTheSourceCannotTellACrashFromAReleaseTheNeighboursSurviveToo() {
        rig = Rig.with(COUNTS_ALL, SuspectTest::threeSlots);
        crashesShow = false;
        rig.send("killer", "a", "b", "c", "d");
        for (int crash = 0; crash < 40 && rig.queue.deadLetters().isEmpty(); crash++) {
            dieOfTheKiller();
        }
        assertThat(rig.queue.deadLetters())
                .extracting(dead -> dead.claim().id() + ": " + dead.reason())
                .containsExactly("killer: gave up before attempt 16: at most 15");
        completeTheOthers();
    }

    @Test
    void aSuspectThatIsLostWhileItWaitsLetsTheOthersRun() {
        rig.send("innocent", "next");
        rig.claim();
        Execution running = rig.start();
        outliveLocks("killer");
        rig.claim();
        rig.source.takeAway(rig.heard.claimed.stream()
                .filter(claim -> claim.id().equals("killer"))
                .toList());
        rig.succeed(running);
        rig.settle();
        rig.claim();
        rig.advance(Duration.ofMillis(1)); // what goes back does not gather any longer
        rig.settle();
        assertThat(rig.startIfAny()).isNotNull();
    }

    private static void threeSlots(Settings settings) {
        settings.slots = 3;
    }

    private String started() {
        return rig.start().claim.id();
    }

    private void outliveLocks(String id) {
        rig.send(id);
        for (int i = 0; i < Suspects.CRASHES_TOGETHER; i++) {
            Rig other = anotherWorker();
            for (Claim claim : other.claimAll()) {
                if (claim.id().equals(id)) {
                    other.source.expireLock(claim);
                } else {
                    other.release(claim);
                }
            }
        }
    }

    private Rig anotherWorker() {
        return rig.another(SuspectTest::threeSlots);
    }

    /** A process that dies while it runs what it has. */
    private void die() {
        Rig worker = anotherWorker();
        worker.claim();
        crash(worker);
    }

    /** A process that works until the killer has its turn. */
    private void dieOfTheKiller() {
        Rig worker = anotherWorker();
        Deque<Execution> running = new ArrayDeque<>();
        do {
            worker.claim();
            worker.settle();
            boolean kills = false;
            for (Execution next = worker.startIfAny(); next != null; next = worker.startIfAny()) {
                running.add(next);
                kills |= next.claim.id().equals("killer");
            }
            if (kills) {
                crash(worker);
                return;
            }
            if (!running.isEmpty()) {
                worker.succeed(running.remove());
                worker.settle();
            }
        } while (worker.stats().held() > 0);
    }

    private void crash(Rig worker) {
        for (Execution held : worker.engine.held.all()) {
            if (crashesShow) {
                worker.source.expireLock(held.claim);
            } else {
                worker.release(held.claim);
            }
        }
    }

    private void completeTheOthers() {
        Rig worker = anotherWorker();
        worker.workOffEverything();
        assertThat(worker.queue.deadLetters()).hasSize(1);
        assertThat(worker.queue.backlog().scaler()).isZero();
    }
}
