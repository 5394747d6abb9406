package dev.claimant;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed message comes back, and when it is given up. Immutable; each setter answers a changed copy.
 *
 * <p>The delay before attempt <i>n</i>+1 is drawn evenly from zero to {@code firstDelay × 2^(n−1)}, at most {@code maxDelay} (full
 * jitter: a thousand messages that failed together do not come back together). After {@code maxAttempts} the message is
 * dead-lettered. A message that arrives with more attempts than that (its workers died) is dead-lettered without running the handler,
 * and so is one whose locks expired more often than {@code maxExpiredLocks}.
 */
public final class RetryPolicy {

    /** For {@link #maxAttempts(int)}: never give up. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final Duration firstDelay;
    private final Duration maxDelay;
    private final int maxAttempts;
    private final int maxExpiredLocks;

    private RetryPolicy(Duration firstDelay, Duration maxDelay, int maxAttempts, int maxExpiredLocks) {
        this.firstDelay = firstDelay;
        this.maxDelay = maxDelay;
        this.maxAttempts = maxAttempts;
        this.maxExpiredLocks = maxExpiredLocks;
    }

    /** One second at first, doubling to five minutes, full jitter, five attempts, ten expired locks. */
    public static RetryPolicy exponential() {
        return new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), 5, 10);
    }

    /** The same as {@link #exponential()}, but every delay is zero. */
    public static RetryPolicy immediate() {
        return exponential().firstDelay(Duration.ZERO);
    }

    /** The bound of the first delay. */
    public RetryPolicy firstDelay(Duration delay) {
        return new RetryPolicy(delay, maxDelay, maxAttempts, maxExpiredLocks);
    }

    /** The bound of every delay. */
    public RetryPolicy maxDelay(Duration delay) {
        return new RetryPolicy(firstDelay, delay, maxAttempts, maxExpiredLocks);
    }

    /** After how many attempts a message is dead-lettered; at least 1. */
    public RetryPolicy maxAttempts(int attempts) {
        return new RetryPolicy(firstDelay, maxDelay, attempts, maxExpiredLocks);
    }

    /** After how many expired locks a message is dead-lettered; at least 1. Only sources that count them can honour it. */
    public RetryPolicy maxExpiredLocks(int locks) {
        return new RetryPolicy(firstDelay, maxDelay, maxAttempts, locks);
    }

    void check(Problems problems) {
        problems.when(maxAttempts < 1, "retry.maxAttempts", maxAttempts, "must be at least 1");
        problems.when(maxExpiredLocks < 1, "retry.maxExpiredLocks", maxExpiredLocks, "must be at least 1");
        problems.whenNegative("retry.firstDelay", firstDelay);
        problems.whenNegative("retry.maxDelay", maxDelay);
        problems.when(
                firstDelay != null && maxDelay != null && maxDelay.compareTo(firstDelay) < 0,
                "retry.maxDelay",
                maxDelay,
                "must not be shorter than retry.firstDelay " + firstDelay);
    }

    Duration firstDelay() {
        return firstDelay;
    }

    Duration maxDelay() {
        return maxDelay;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    int maxExpiredLocks() {
        return maxExpiredLocks;
    }

    boolean isLastAttempt(int attempt) {
        return attempt >= maxAttempts;
    }

    Duration delayAfter(int attempt, RandomGenerator random) {
        long cap = maxDelay.toNanos();
        long first = firstDelay.toNanos();
        int doublings = Math.min(attempt - 1, Long.SIZE - 2);
        long bound = first > cap >> doublings ? cap : first << doublings;
        return Duration.ofNanos(random.nextLong(bound + 1));
    }
}
