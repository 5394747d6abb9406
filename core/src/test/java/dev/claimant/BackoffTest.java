package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final long FIRST = 1_000;
    private static final long LAST = 50_000;

    @Test
    void pausesAreDrawnFromABoundThatDoublesUpToTheLast() {
        for (int seed = 0; seed < 1_000; seed++) {
            Backoff backoff = backoff(seed);
            for (int failure = 0; failure < 100; failure++) {
                long bound = Math.min(LAST, FIRST << Math.min(failure, 10));
                assertThat(backoff.nextNanos())
                        .as("seed %s, failure %s", seed, failure)
                        .isBetween(bound / 10, bound);
            }
        }
    }

    @Test
    void workersThatFailedTogetherDoNotComeBackTogether() {
        long distinct = new SplittableRandom(3)
                .ints(1_000)
                .mapToLong(seed -> backoff(seed).nextNanos())
                .distinct()
                .count();

        assertThat(distinct).isGreaterThan(500);
    }

    @Test
    void startsFromTheFirstBoundAgainAfterAReset() {
        Backoff backoff = backoff(1);
        for (int failure = 0; failure < 20; failure++) {
            backoff.nextNanos();
        }

        backoff.reset();

        assertThat(backoff.nextNanos()).isBetween(FIRST / 10, FIRST);
    }

    private static Backoff backoff(long seed) {
        return new Backoff(FIRST, LAST, new SplittableRandom(seed));
    }
}
