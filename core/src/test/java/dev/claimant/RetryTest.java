package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final Duration DELAY = Duration.ofSeconds(8);

    private final Rig rig = Rig.configured(settings ->
            settings.retry = RetryPolicy.exponential().firstDelay(DELAY).maxAttempts(3));

    @Test
    void aFailedMessageComesBackAfterADelayByPolicyAndCountsTheAttempt() {
        rig.send("a");
        failOnce(new Exception("no"));
        Retry retry = rig.asked.last(Retry.class);
        assertThat(retry.delay()).isPositive().isLessThanOrEqualTo(DELAY);
        assertThat(retry.error()).contains("java.lang.Exception: no", "RetryTest");
        assertThat(rig.claim()).isZero();
        rig.advance(retry.delay());
        assertThat(rig.claim()).isEqualTo(1);
        assertThat(rig.start().claim.attempt()).isEqualTo(2);
    }

    @Test
    void theDelayIsZeroUnderAnImmediatePolicy() {
        Rig hasty = Rig.configured(settings -> settings.retry = RetryPolicy.immediate());
        hasty.send("a");
        hasty.claim();
        hasty.fail(hasty.start(), new Exception("no"));
        hasty.settle();
        assertThat(hasty.asked.last(Retry.class).delay()).isZero();
        assertThat(hasty.claim()).isEqualTo(1);
    }

    @Test
    void aTypeOfFailureMayHaveDelaysAndAttemptsOfItsOwn() {
        RetryPolicy own = RetryPolicy.fixed(Duration.ofMinutes(1), Duration.ofMinutes(2));
        Rig typed = Rig.configured(settings ->
                settings.retry = RetryPolicy.exponential().maxAttempts(1).on(IOException.class, own));
        typed.send("a");
        for (int attempt = 1; attempt <= 2; attempt++) {
            typed.claim();
            typed.fail(typed.start(), new FileNotFoundException("not yet"));
            typed.settle();
            assertThat(typed.asked.last(Retry.class).delay()).hasMinutes(attempt);
            typed.advance(Duration.ofMinutes(attempt));
        }
        typed.claim();
        typed.fail(typed.start(), new IllegalStateException("no"));
        typed.settle();
        assertThat(typed.asked.last(DeadLetter.class).reason())
                .isEqualTo("attempt 3 failed: java.lang.IllegalStateException: no");
    }

    @Test
    void aTypeOfFailureMayBeGivenUpAtOnce() {
        Rig strict = Rig.configured(
                settings -> settings.retry = RetryPolicy.exponential().deadLetterOn(IllegalArgumentException.class));
        strict.send("a");
        strict.claim();
        strict.fail(strict.start(), new NumberFormatException("no number"));
        strict.settle();
        assertThat(strict.asked.last(DeadLetter.class).reason()).contains("NumberFormatException: no number");
    }

    @Test
    void aHandlerThatRanTooLongHasThePolicyForAllOthersWhateverItThrew() {
        Rig limited = Rig.configured(settings -> {
            settings.handlerTimeout = Duration.ofSeconds(1);
            settings.retry = RetryPolicy.exponential().deadLetterOn(InterruptedException.class);
        });
        limited.send("a");
        limited.claim();
        Execution running = limited.start();
        limited.advance(Duration.ofSeconds(2));
        limited.tick();
        limited.fail(running, new InterruptedException());
        limited.settle();
        assertThat(limited.heard.settled).containsExactly("Retry a APPLIED");
    }

    @Test
    void theLastAttemptIsGivenUpWithItsError() {
        rig.send("a");
        for (int attempt = 1; attempt <= 3; attempt++) {
            failOnce(new IllegalStateException("no " + attempt));
            rig.advance(DELAY.multipliedBy(4));
        }
        assertThat(rig.heard.settled).containsExactly("Retry a APPLIED", "Retry a APPLIED", "DeadLetter a APPLIED");
        DeadLetter end = rig.asked.last(DeadLetter.class);
        assertThat(end.reason()).isEqualTo("attempt 3 failed: java.lang.IllegalStateException: no 3");
        assertThat(end.error()).contains("IllegalStateException: no 3", "RetryTest");
        assertThat(rig.queue.deadLetters()).containsExactly(end);
        assertThat(rig.queue.backlog().scaler()).isZero();
    }

    @Test
    void aMessageThatKillsItsWorkersIsGivenUpBeforeItRunsOnceItsAttemptsAreUsedUp() {
        rig.send("a");
        for (int attempt = 1; attempt <= 3; attempt++) {
            rig.claim();
            dieWith(rig.start());
        }
        rig.claim();
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.asked.last(DeadLetter.class).reason()).isEqualTo("gave up before attempt 4: at most 3");
        assertThat(rig.stats().held()).isZero();
    }

    @Test
    void expiredLocksHaveALimitOfTheirOwn() {
        Rig patient = Rig.configured(settings -> settings.retry =
                RetryPolicy.exponential().maxAttempts(RetryPolicy.UNLIMITED).maxExpiredLocks(2));
        patient.send("a");
        for (int death = 1; death <= 2; death++) {
            patient.claim();
            Execution running = patient.start();
            patient.source.takeAway(List.of(running.claim));
            patient.succeed(running);
        }
        patient.claim();
        assertThat(patient.startIfAny()).isNull();
        patient.settle();
        assertThat(patient.asked.last(DeadLetter.class).reason())
                .isEqualTo("gave up: 2 of its locks expired while a worker held it");
    }

    private void failOnce(Throwable failure) {
        rig.claim();
        rig.fail(rig.start(), failure);
        rig.settle();
    }

    /** As if the process had ended: the lock expires, and the slot is free for the next try. */
    private void dieWith(Execution running) {
        rig.source.takeAway(List.of(running.claim));
        rig.succeed(running);
    }
}
