package dev.claimant.spring;

import dev.claimant.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When failed messages come back.
 *
 * @param delays fixed delays instead of growing ones: the first after the first attempt, and so on
 * @param firstDelay the bound of the first delay, 1s by default; each next one is twice as long
 * @param maxDelay the bound of every delay, 5m by default
 * @param maxAttempts after how many attempts a message is dead-lettered, 5 by default; 2147483647 for never
 * @param maxExpiredLocks after how many expired locks a message is dead-lettered, 10 by default
 * @param deadLetterOn types of exceptions that dead-letter a message at once
 */
record RetryProperties(
        @Nullable List<Duration> delays,
        @Nullable Duration firstDelay,
        @Nullable Duration maxDelay,
        @Nullable Integer maxAttempts,
        @Nullable Integer maxExpiredLocks,
        @Nullable List<Class<? extends Throwable>> deadLetterOn) {

    RetryPolicy policy() {
        RetryPolicy policy = delays == null || delays.isEmpty()
                ? RetryPolicy.exponential()
                : RetryPolicy.fixed(delays.toArray(Duration[]::new));
        if (firstDelay != null) {
            policy = policy.firstDelay(firstDelay);
        }
        if (maxDelay != null) {
            policy = policy.maxDelay(maxDelay);
        }
        if (maxAttempts != null) {
            policy = policy.maxAttempts(maxAttempts);
        }
        if (maxExpiredLocks != null) {
            policy = policy.maxExpiredLocks(maxExpiredLocks);
        }
        for (Class<? extends Throwable> type :
                deadLetterOn == null ? List.<Class<? extends Throwable>>of() : deadLetterOn) {
            policy = policy.deadLetterOn(type);
        }
        return policy;
    }

    boolean contradicts() {
        return delays != null && !delays.isEmpty() && (firstDelay != null || maxDelay != null);
    }
}
