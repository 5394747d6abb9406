package dev.claimant.micrometer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.Gate;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryLater;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Exact counts after known outcomes, on a real worker. */
class WorkerMetricsTest extends MeasuredWorker {

    @Test
    void everyOutcomeIsCountedOnce() throws Exception {
        send("good 1", "good 2", "good 3", "fails once", "hopeless");
        Gate settled = new Gate(6);
        Handler handler = claim -> {
            if (claim.id().equals("hopeless")) {
                throw new PermanentFailure("no such customer");
            }
            if (claim.id().equals("fails once") && claim.attempt() == 1) {
                throw new IllegalStateException("try again");
            }
        };

        runUntil(settled, worker(handler).listener(new OnSettled(settled)));

        assertThat(Counted.in(registry))
                .isEqualTo(Map.of(
                        "claimed", 6L,
                        "redelivered", 1L,
                        "handler outcome=completed", 4L,
                        "handler outcome=failed", 2L,
                        "settled kind=complete verdict=applied", 4L,
                        "settled kind=retry verdict=applied", 1L,
                        "settled kind=dead_letter verdict=applied", 1L));
    }

    @Test
    void aDuplicateIsCompletedAndCountedAndWhatCouldNotBeginIsNoFailure() throws Exception {
        send("done before", "busy at first");
        Gate settled = new Gate(2);
        AtomicInteger tries = new AtomicInteger();
        Handler handler = claim -> {
            if (claim.id().equals("done before")) {
                throw new AlreadyDone("by an earlier message");
            }
            if (tries.incrementAndGet() == 1) {
                throw RetryLater.untried(Duration.ofMillis(1), "busy");
            }
        };

        runUntil(settled, worker(handler).listener(new OnSettled(settled)));

        assertThat(Counted.in(registry))
                .isEqualTo(Map.of(
                        "claimed", 2L,
                        "duplicates", 1L,
                        "handler outcome=completed", 2L,
                        "handler outcome=untried", 1L,
                        "settled kind=complete verdict=applied", 2L));
    }

    @Test
    void aHandlerThatRunsTooLongIsStoppedAndItsMessageRetriedWhateverItReturns() throws Exception {
        send("slow");
        Gate done = new Gate(3);
        Handler handler = claim -> {
            if (claim.attempt() == 1) {
                awaitInterrupt();
            }
        };

        runUntil(done, worker(handler).handlerTimeout(Duration.ofMillis(500)).listener(new OnSettled(done) {
            @Override
            public void timedOut(Claim claim) {
                done.open();
            }
        }));

        assertThat(Counted.in(registry))
                .isEqualTo(Map.of(
                        "claimed", 2L,
                        "redelivered", 1L,
                        "handler.timeouts", 1L,
                        "handler outcome=stopped", 1L,
                        "handler outcome=completed", 1L,
                        "settled kind=retry verdict=applied", 1L,
                        "settled kind=complete verdict=applied", 1L));
        assertThat(registry.get("claimant.handler")
                        .tag("outcome", "stopped")
                        .timer()
                        .totalTime(MILLISECONDS))
                .isGreaterThanOrEqualTo(500);
    }

    @Test
    void aClaimThatLosesItsLockIsNotSettledAndItsHandlerCountsAsNeitherFailedNorCompleted() throws Exception {
        send("m");
        Gate settled = new Gate();
        Handler handler = claim -> {
            if (claim.delivery() == 1) {
                source.takeAway(List.of(claim));
                awaitInterrupt();
            }
        };

        runUntil(settled, worker(handler).listener(new OnSettled(settled)));

        assertThat(Counted.in(registry))
                .isEqualTo(Map.of(
                        "claimed", 2L,
                        "redelivered", 1L,
                        "locks.lost", 1L,
                        "handler outcome=lock_lost", 1L,
                        "handler outcome=completed", 1L,
                        "settled kind=complete verdict=applied", 1L));
    }

    @Test
    void aHandlerCutShortByTheDrainIsStoppedAndItsMessageReleased() throws Exception {
        send("m");
        Gate started = new Gate();
        Handler handler = claim -> {
            started.open();
            awaitInterrupt();
        };

        runUntil(started, worker(handler).drainTimeout(Duration.ZERO));

        assertThat(Counted.in(registry))
                .isEqualTo(Map.of(
                        "claimed", 1L,
                        "handler outcome=stopped", 1L,
                        "settled kind=release verdict=applied", 1L));
    }

    @Test
    void aCompletionThatComesTooLateIsCountedAsLost() throws Exception {
        send("m");
        Gate settled = new Gate(2);
        Handler handler = claim -> {
            if (claim.delivery() == 1) {
                source.expireLock(claim);
            }
        };

        runUntil(settled, worker(handler).listener(new OnSettled(settled)));

        assertThat(Counted.in(registry))
                .containsEntry("settled kind=complete verdict=lost", 1L)
                .containsEntry("settled kind=complete verdict=applied", 1L)
                .containsEntry("handler outcome=completed", 2L);
    }

    @Test
    void anEndThatTheSourceNeverConfirmsIsCountedAsUnknown() throws Exception {
        send("m");
        source.losesAnswers(true);
        Gate handled = new Gate();

        runUntil(handled, worker(claim -> handled.open()).flushTimeout(Duration.ofMillis(1)));

        assertThat(Counted.in(registry)).containsEntry("settled kind=complete verdict=unknown", 1L);
    }
}
