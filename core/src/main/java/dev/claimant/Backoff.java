package dev.claimant;

import java.util.random.RandomGenerator;

/** Growing pauses after failures: full jitter, doubling from a first bound to a last. Not thread-safe. */
final class Backoff {

    private final long firstNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private int failures;

    Backoff(long firstNanos, long maxNanos, RandomGenerator random) {
        this.firstNanos = firstNanos;
        this.maxNanos = maxNanos;
        this.random = random;
    }

    /** One more failure: how long to pause now. Never zero, so that a failing source is not asked in a tight loop. */
    long nextNanos() {
        long bound = Math.min(maxNanos, firstNanos << Math.min(failures++, 20));
        return bound / 10 + random.nextLong(bound - bound / 10);
    }

    void reset() {
        failures = 0;
    }
}
