package dev.claimant;

import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a claim ends, from what its handler did, the retry policy and what the source can do. Has no state.
 *
 * <p>Where order is kept and releases are counted, a failed message is run again in this process: each time that it went back, those
 * behind it would go back too, and their attempts would be used up without a run.
 */
class OutcomePolicy {

    /** Before a handler that could not begin is tried again, whatever it says: it costs no attempt, so nothing else would slow it down. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);

    private final RetryPolicy policy;
    private final boolean reserves;
    private final boolean runsAgainHere;
    private final boolean keepsFollowers;
    private final int maxAttempts;
    private final int maxBegun;
    private final boolean sourceDelays;
    private final RandomGenerator random;

    OutcomePolicy(Settings settings, Capabilities source, RandomGenerator random) {
        JobOptions job = settings.job;
        this.policy = settings.retry;
        this.reserves = job != null && job.owner() != null && source.reservation();
        this.keepsFollowers = settings.ordered && source.releaseCounted();
        this.runsAgainHere = keepsFollowers || (job != null && !reserves);
        this.maxAttempts = policy.maxAttempts();
        this.maxBegun = source.releaseCounted() ? settings.plan().maxCounted() : Settings.sum(maxAttempts, 1);
        this.sourceDelays = source.retryDelay() == RetryDelay.NATIVE;
        this.random = random;
    }

    /** Before the handler runs: the end of a message that must not be tried again, or nothing. */
    @Nullable DeadLetter exhausted(Claim claim) {
        String unusable = claim.unusable();
        if (unusable != null) {
            return new DeadLetter(claim, unusable, null);
        }
        boolean crashedAlone = claim.expiredLocks() > Suspects.CRASHES_TOGETHER;
        int limit = crashedAlone ? maxAttempts : maxBegun;
        if (claim.attempt() > limit) {
            return new DeadLetter(claim, "gave up before attempt " + claim.attempt() + ": at most " + limit, null);
        }
        if (claim.expiredLocks() >= policy.maxExpiredLocks()) {
            return new DeadLetter(
                    claim, "gave up: " + claim.expiredLocks() + " of its locks expired while a worker held it", null);
        }
        return null;
    }

    /**
     * Whether the message may be one that kills its worker: it has outlived several locks, or its attempts are used up and no failure has
     * ended it. Where the source cannot tell a crash from a failure or a release, only the latter shows.
     */
    boolean mustRunAlone(Claim claim) {
        return claim.expiredLocks() >= Suspects.CRASHES_TOGETHER || claim.attempt() > maxAttempts;
    }

    /** After the handler has returned or thrown; nothing for a claim that is not ours any more. */
    @Nullable Outcome of(Claim claim, Execution.@Nullable StopReason stop, @Nullable Throwable failure) {
        if (stop == Execution.StopReason.LOCK_LOST) {
            return null;
        }
        if (stop == Execution.StopReason.DRAINED) {
            return Outcome.settle(new Release(claim));
        }
        if (stop == Execution.StopReason.TIMED_OUT) {
            return failed(claim, "the handler ran longer than it may", policy, failure);
        }
        if (failure == null) {
            return Outcome.settle(new Complete(claim));
        }
        if (failure instanceof RetryLater later && later.isUntried()) {
            Duration delay = later.delay().compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : later.delay();
            return Outcome.runAgainAfter(delay, new Release(claim));
        }
        if (failure instanceof PermanentFailure) {
            return Outcome.settle(new DeadLetter(claim, describe(failure), StackText.of(failure)));
        }
        return failed(claim, describe(failure), policy.forFailure(failure), failure);
    }

    private Outcome failed(Claim claim, String what, RetryPolicy policy, @Nullable Throwable failure) {
        String stack = failure == null ? what : StackText.of(failure);
        if (policy.isLastAttempt(claim.attempt())) {
            return Outcome.settle(new DeadLetter(claim, "attempt " + claim.attempt() + " failed: " + what, stack));
        }
        RetryLater later = failure instanceof RetryLater asked ? asked : null;
        if (reserves && later == null) {
            return Outcome.settle(new Retry(claim, Duration.ZERO, true, stack, false));
        }
        Duration delay = later != null ? later.delay() : policy.delayAfter(claim.attempt(), random);
        boolean here = later != null ? keepsFollowers : runsAgainHere;
        return here ? Outcome.runAgainAfter(delay, new Retry(claim, Duration.ZERO, stack)) : retry(claim, delay, stack);
    }

    private Outcome retry(Claim claim, Duration delay, String error) {
        if (sourceDelays || delay.isZero()) {
            return Outcome.settle(new Retry(claim, delay, error));
        }
        return Outcome.settleAfter(delay, new Retry(claim, Duration.ZERO, error));
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        boolean saysItAll = failure instanceof PermanentFailure || failure instanceof RetryLater;
        return message == null || !saysItAll ? failure.toString() : message;
    }
}
