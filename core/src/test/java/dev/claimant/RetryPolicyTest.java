package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
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

        assertThat(changed.delayAfter(1, random)).isLessThanOrEqualTo(Duration.ofMillis(3));
        assertThat(delaysAfter(9, changed).getMax()).isBetween(3_900_000L, 4_000_000L);
        assertThat(changed.maxAttempts()).isEqualTo(6);
        assertThat(changed.maxExpiredLocks()).isEqualTo(7);
        assertThat(delaysAfter(1, policy).getMax()).isBetween(990_000_000L, 1_000_000_000L);
        assertThat(policy.maxAttempts()).isEqualTo(5);
        assertThat(policy.maxExpiredLocks()).isEqualTo(10);
    }

    @Test
    void fixedDelaysComeInTurnAndTheLastOneIsRepeated() {
        RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(10), Duration.ofMinutes(1));

        assertThat(policy.delayAfter(1, random)).hasSeconds(10);
        assertThat(policy.delayAfter(2, random)).hasMinutes(1);
        assertThat(policy.delayAfter(3, random)).hasMinutes(1);
        assertThat(policy.delayAfter(Integer.MAX_VALUE, random)).hasMinutes(1);
        assertThat(policy.maxAttempts()).as("one attempt after each delay").isEqualTo(3);
    }

    @Test
    void fixedDelaysNeedOne() {
        assertThatThrownBy(RetryPolicy::fixed).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureHasThePolicyOfItsNearestType() {
        RetryPolicy forInput = RetryPolicy.immediate();
        RetryPolicy forFiles = RetryPolicy.fixed(Duration.ofHours(1));
        RetryPolicy policy =
                RetryPolicy.exponential().on(IOException.class, forInput).on(FileNotFoundException.class, forFiles);

        assertThat(policy.forFailure(new FileNotFoundException())).isSameAs(forFiles);
        assertThat(policy.forFailure(new EOFException()))
                .as("a subtype of IOException")
                .isSameAs(forInput);
        assertThat(policy.forFailure(new IllegalStateException())).isSameAs(policy);
        assertThat(policy.forFailure(null)).isSameAs(policy);
    }

    @Test
    void aMessageMayHaveAsManyAttemptsBeforeItRunsAsAnyTypeOfFailureAllows() {
        RetryPolicy policy = RetryPolicy.exponential()
                .maxAttempts(3)
                .deadLetterOn(IllegalArgumentException.class)
                .on(IOException.class, RetryPolicy.immediate().maxAttempts(30));

        assertThat(policy.maxAttempts()).isEqualTo(30);
        assertThat(policy.isLastAttempt(3)).isTrue();
        assertThat(policy.forFailure(new IllegalArgumentException()).isLastAttempt(1))
                .isTrue();
    }

    @Test
    void onlyAPolicyWithoutAnEndNeverGivesUp() {
        RetryPolicy endless = RetryPolicy.immediate().maxAttempts(RetryPolicy.UNLIMITED);

        assertThat(endless.neverGivesUp()).isTrue();
        assertThat(endless.deadLetterOn(IOException.class).neverGivesUp()).isFalse();
        assertThat(endless.on(IOException.class, endless).neverGivesUp()).isTrue();
        assertThat(RetryPolicy.exponential().neverGivesUp()).isFalse();
    }

    private LongSummaryStatistics delaysAfter(int attempt, RetryPolicy policy) {
        return LongStream.range(0, DRAWS)
                .map(i -> policy.delayAfter(attempt, random).toNanos())
                .summaryStatistics();
    }
}
