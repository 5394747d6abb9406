package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandlerTimesTest {

    private final HandlerTimes times = new HandlerTimes();

    @Test
    void knowsNothingBeforeTheFirstHandlerHasReturned() {
        assertThat(times.isEmpty()).isTrue();

        times.record(5);

        assertThat(times.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 1_000, 999_999_999, 1L << 61, Long.MAX_VALUE})
    void theBoundIsAboveEveryTimeByAtMostAFactorOfTwo(long nanos) {
        for (int i = 0; i < 10; i++) {
            times.record(nanos);
        }

        assertThat(times.p95Nanos()).isGreaterThanOrEqualTo(nanos);
        assertThat(times.p95Nanos() / 2).isLessThanOrEqualTo(Math.max(1, nanos));
    }

    @Test
    void theBoundHoldsForRandomTimesAsTheSortedOnesSay() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 200; round++) {
            HandlerTimes some = new HandlerTimes();
            long[] sample = random.longs(random.nextInt(1, 1_000), 1, 1L << random.nextInt(1, 50))
                    .toArray();
            Arrays.stream(sample).forEach(some::record);
            Arrays.sort(sample);
            long p95 = sample[sample.length - 1 - sample.length / 20];

            assertThat(some.p95Nanos()).as("round %s", round).isBetween(p95, 2 * p95);
        }
    }

    @Test
    void oneSlowHandlerInTwentyDoesNotRaiseTheBoundButTwoDo() {
        for (int i = 0; i < 38; i++) {
            times.record(100);
        }
        times.record(1_000_000);
        times.record(1_000_000);
        assertThat(times.p95Nanos()).isLessThanOrEqualTo(200);

        times.record(1_000_000);

        assertThat(times.p95Nanos()).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void aFewThatTakeVeryLongCountByTheirMean() {
        for (int i = 0; i < 99; i++) {
            times.record(100);
        }
        times.record(1_000_000);

        assertThat(times.p95Nanos()).isLessThanOrEqualTo(200);
        assertThat(times.expectedNanos()).isBetween(10_000L, 10_100L);
    }

    @Test
    void followsHandlersThatBecomeSlow() {
        for (int i = 0; i < 100_000; i++) {
            times.record(100);
        }

        for (int i = 0; i < 100; i++) {
            times.record(1_000_000);
        }

        assertThat(times.p95Nanos()).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void forgetsHandlersThatWereSlow() {
        for (int i = 0; i < 100_000; i++) {
            times.record(1_000_000);
        }

        for (int i = 0; i < 10_000; i++) {
            times.record(100);
        }

        assertThat(times.p95Nanos()).isLessThanOrEqualTo(200);
    }
}
