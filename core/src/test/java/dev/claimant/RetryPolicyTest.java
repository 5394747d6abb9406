package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final int DRAWS = 20_000;

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void delaysAreSpreadEvenlyFromZeroToABoundThatDoublesWithEachAttempt(int attempt) {
        RetryPolicy policy = RetryPolicy.exponential().firstDelay(Duration.ofMillis(100));
        long bound = Duration.ofMillis(100).toNanos() << (attempt - 1);

        LongSummaryStatistics delays = delaysAfter(attempt, policy);

        assertThat(delays.getMin()).isBetween(0L, bound / 100);
        assertThat(delays.getMax()).isBetween(bound - bound / 100, bound);
        assertThat(delays.getAverage()).isBetween(0.48 * bound, 0.52 * bound);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 30, 35, 63, 64, 65, 66, 1_000, Integer.MAX_VALUE})
    void noDelayIsLongerThanTheCapHoweverManyAttempts(int attempt) {
        RetryPolicy policy =
                RetryPolicy.exponential().firstDelay(Duration.ofSeconds(1)).maxDelay(Duration.ofMinutes(5));
        long cap = Duration.ofMinutes(5).toNanos();

        LongSummaryStatistics delays = delaysAfter(attempt, policy);

        assertThat(delays.getMin()).isNotNegative();
        assertThat(delays.getMax()).isBetween(cap - cap / 100, cap);
    }

    @Test
    void doublingNeverOverflowsWhateverTheFirstDelay() {
        for (int exponent = 0; exponent < 60; exponent++) {
            RetryPolicy policy = RetryPolicy.exponential()
                    .firstDelay(Duration.ofNanos(1L << exponent))
                    .maxDelay(Duration.ofNanos(Long.MAX_VALUE - 1));
            for (int attempt = 1; attempt < 130; attempt++) {
                assertThat(policy.delayAfter(attempt, random))
                        .as("first delay 2^%s ns, attempt %s", exponent, attempt)
                        .isGreaterThanOrEqualTo(Duration.ZERO);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 1_000, Integer.MAX_VALUE})
    void withAFirstDelayOfZeroEveryDelayIsZero(int attempt) {
        assertThat(RetryPolicy.immediate().delayAfter(attempt, random)).isZero();
    }

    @Test
    void anAttemptIsTheLastWhenNoMoreAreLeft() {
        RetryPolicy policy = RetryPolicy.exponential().maxAttempts(3);

        assertThat(policy.isLastAttempt(2)).isFalse();
        assertThat(policy.isLastAttempt(3)).isTrue();
        assertThat(policy.isLastAttempt(4)).isTrue();
    }

    @Test
    void eachSetterChangesItsOwnSettingOfACopy() {
        RetryPolicy policy = RetryPolicy.exponential();
        RetryPolicy changed = policy.firstDelay(Duration.ofMillis(3))
                .maxDelay(Duration.ofMillis(4))
                .maxAttempts(6)
                .maxExpiredLocks(7);

        assertThat(changed.firstDelay()).hasMillis(3);
        assertThat(changed.maxDelay()).hasMillis(4);
        assertThat(changed.maxAttempts()).isEqualTo(6);
        assertThat(changed.maxExpiredLocks()).isEqualTo(7);
        assertThat(policy.firstDelay()).hasSeconds(1);
        assertThat(policy.maxDelay()).hasMinutes(5);
        assertThat(policy.maxAttempts()).isEqualTo(5);
        assertThat(policy.maxExpiredLocks()).isEqualTo(10);
    }

    private LongSummaryStatistics delaysAfter(int attempt, RetryPolicy policy) {
        return LongStream.range(0, DRAWS)
                .map(i -> policy.delayAfter(attempt, random).toNanos())
                .summaryStatistics();
    }
}
