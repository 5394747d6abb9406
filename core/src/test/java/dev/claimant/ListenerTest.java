package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {

    private final Rig rig =
            Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                settings.handlerTimeout = Duration.ofSeconds(5);
                settings.drainTimeout = Duration.ofMinutes(1);
                settings.retry = RetryPolicy.exponential().firstDelay(Duration.ofHours(1));
            });

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListenerThatThrowsDisturbsNeitherTheWorkerNorTheOthers(boolean error) {
        Heard behind = new Heard();
        rig.listeners.add(new Thrower(error));
        rig.listeners.add(behind);
        rig.send("a", "b");
        rig.claim();
        rig.succeed(rig.start());
        rig.fail(rig.start(), new Exception("no"));
        rig.settle();
        rig.engine.drain.begin();
        rig.settle();
        assertThat(rig.drainIsOver()).isTrue();
        assertThat(behind.all).isEqualTo(rig.heard.all).contains("Complete a APPLIED", "Retry b APPLIED", "STOPPED");
        assertThat(rig.engine.isIdle()).isTrue();
        assertThat(Thread.interrupted()).as("left interrupted by the listener").isFalse();
    }

    @Test
    void aClaimIsToldBeforeItCanRunAndItsEndAfterItsHandler() {
        rig.send("a");
        rig.claim();
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.heard.all).containsExactly("claimed a", "started a", "finished a", "Complete a APPLIED");
    }

    @Test
    void aParkedClaimIsToldBeforeItsEnd() {
        rig.send("a");
        rig.claim();
        rig.fail(rig.start(), new Exception("no"));
        rig.engine.drain.begin();
        rig.settle();
        assertThat(rig.heard.all)
                .containsExactly("claimed a", "started a", "failed a", "parked a", "DRAINING", "Retry a APPLIED");
    }

    @Test
    void onlyWhatIsParkedIsToldSo() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.engine.drain.begin();
        rig.fail(running, new Exception("no"));
        rig.settle();
        assertThat(rig.heard.parked).isEmpty();
        assertThat(rig.heard.settled).containsExactly("Retry a APPLIED");
    }

    @Test
    void aListenerThatHoldsUpTheClaimsForLongShowsInTheReadiness() throws Exception {
        PendingEvents events = rig.engine.context.pendingEvents;
        Health health = new Health(new Settings(), () -> null, () -> rig.engine);
        events.deliverLater();
        rig.engine.context.locked(() -> {
            for (int i = 0; i <= PendingEvents.MOST_UNTOLD; i++) {
                events.add(listener -> {});
            }
        });
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        events.awaitRoom();
                        room.complete(true);
                    } catch (InterruptedException e) {
                        room.completeExceptionally(e);
                    }
                })
                .start();
        await().until(() -> events.holdUpClaimsFor(0));
        assertThat(health.whyNotReady()).as("it may just be slow").isNull();

        rig.advance(Duration.ofSeconds(5));
        assertThat(health.whyNotReady()).startsWith("a listener has not returned for long");

        events.deliverHere();
        assertThat(room.get(20, SECONDS)).isTrue();
        assertThat(health.whyNotReady()).isNull();
    }

    /** Throws at everything that this test makes happen. */
    private record Thrower(boolean error) implements WorkerListener {

        private void fail() {
            Thread.currentThread().interrupt();
            if (error) {
                throw new NoClassDefFoundError("a defect in a listener");
            }
            throw new IllegalStateException("a defect in a listener");
        }

        @Override
        public void claimed(Claim claim) {
            fail();
        }

        @Override
        public void finished(Claim claim, Duration took, @Nullable Throwable failure) {
            fail();
        }

        @Override
        public void parked(Claim claim, Duration delay) {
            fail();
        }

        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            fail();
        }

        @Override
        public void stateChanged(Worker.State state) {
            fail();
        }
    }
}
