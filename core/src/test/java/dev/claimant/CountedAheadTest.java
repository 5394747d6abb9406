package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The source counts a release and lets a worker claim ahead all the same: what waits is handed back only where it would wait for long. */
class CountedAheadTest {

    private static final Capabilities AHEAD = InMemoryQueue.allCapabilities()
            .with(all -> all.releaseCounted(true).reservation(false).mostAhead(3));

    private final Rig rig = Rig.with(AHEAD, settings -> settings.slots = 1);

    @Test
    void soManyWaitAsTheSourceAllows() {
        handleQuickly(10);
        rig.send("a", "b", "c", "d", "e", "f");
        assertThat(rig.claim()).isEqualTo(1 + 3);
    }

    @Test
    void theApplicationsOwnNumberCounts() {
        Rig rig = Rig.with(AHEAD, settings -> {
            settings.slots = 1;
            settings.prefetch = 5;
        });
        handleQuickly(rig, 10);
        rig.send("a", "b", "c", "d", "e", "f", "g");
        assertThat(rig.claim()).isEqualTo(1 + 5);
    }

    @Test
    void aDrainRunsWhatWaits() {
        handleQuickly(10);
        rig.send("a", "b", "c");
        rig.claim();
        Execution running = rig.start();
        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isFalse();
        rig.succeed(running);
        rig.succeed(rig.start());
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled.subList(10, 13))
                .containsExactly("Complete a APPLIED", "Complete b APPLIED", "Complete c APPLIED");
    }

    @Test
    void whatStillWaitsWhenTheTimeIsUpGoesBack() {
        handleQuickly(10);
        rig.send("a", "b", "c");
        rig.claim();
        Execution running = rig.start();
        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isFalse();
        rig.advance(Duration.ofSeconds(20));
        assertThat(rig.drainIsOver()).isFalse();
        rig.fail(running, new InterruptedException());
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(rig.heard.settled.subList(10, 13))
                .containsExactlyInAnyOrder("Release a APPLIED", "Release b APPLIED", "Release c APPLIED");
    }

    @Test
    void whenHandlersBecomeSlowWhatWaitsGoesBackOnce() {
        handleQuickly(10);
        rig.send("a", "b", "c");
        rig.claim();
        Execution slow = rig.start();
        rig.advance(Duration.ofSeconds(9));
        rig.succeed(slow);
        rig.settle();
        assertThat(rig.heard.settled.subList(10, 13))
                .containsExactlyInAnyOrder("Complete a APPLIED", "Release b APPLIED", "Release c APPLIED");

        handleQuickly(1_000);
        rig.send("d", "e");
        rig.claim();
        slow = rig.start();
        rig.advance(Duration.ofSeconds(9));
        rig.succeed(slow);
        rig.settle();
        rig.workOffEverything();
        assertThat(rig.heard.settled)
                .filteredOn(end -> end.matches("Release [bc] .*"))
                .hasSize(2);
    }

    private void handleQuickly(int messages) {
        handleQuickly(rig, messages);
    }

    private static void handleQuickly(Rig rig, int messages) {
        for (int i = 0; i < messages; i++) {
            rig.send("quick" + i);
            rig.claim();
            rig.succeed(rig.start());
            rig.settle();
        }
    }
}
