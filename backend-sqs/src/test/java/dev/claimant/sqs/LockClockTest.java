package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whether a claim is ours is decided by our own clock, on which these tests stand wherever they like. */
class LockClockTest {

    private static final Duration LOCK = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofSeconds(100);
    private static final long RECEIVED = -1_000;

    private final Holding holding = new Holding();
    private final SqsClaim claim = claim("1", "first receipt");

    private static SqsClaim claim(String id, String receipt) {
        return new SqsClaim(
                Message.of(id, "body"),
                1,
                software.amazon.awssdk.services.sqs.model.Message.builder()
                        .receiptHandle(receipt)
                        .build(),
                RECEIVED,
                LOCK,
                LONGEST);
    }

    private static long after(Duration time) {
        return RECEIVED + time.toNanos();
    }

    @Test
    void aClaimIsOursUntilItsLockEnds() {
        holding.add(claim);

        assertThat(holding.holds(claim, after(LOCK.minusNanos(1)))).isTrue();
        assertThat(holding.holds(claim, after(LOCK))).isFalse();
    }

    @Test
    void whatWasOverOnceIsOverForGood() {
        holding.add(claim);
        assertThat(holding.holds(claim, after(LOCK))).isFalse();

        claim.renewed(after(LOCK.multipliedBy(2)));

        assertThat(holding.holds(claim, after(LOCK))).isFalse();
    }

    @Test
    void aNewerReceiptOfAMessageMakesTheOlderClaimLost() {
        holding.add(claim);
        SqsClaim newer = claim("1", "second receipt");

        assertThat(holding.add(newer)).containsExactly(claim);

        assertThat(holding.holds(claim, after(Duration.ZERO))).isFalse();
        assertThat(holding.holds(newer, after(Duration.ZERO))).isTrue();
    }

    @Test
    void renewalsAndDelaysAreCutToWhatSqsAllows() {
        assertThat(claim.visibility(LOCK, after(Duration.ofSeconds(40)))).isEqualTo(60);
        assertThat(claim.visibility(LOCK, after(Duration.ofSeconds(70)))).isEqualTo(30);
        assertThat(claim.visibility(Duration.ofHours(13), after(Duration.ofSeconds(70))))
                .isEqualTo(30);
        assertThat(claim.visibility(LOCK, after(LONGEST.plusSeconds(1)))).isZero();
    }

    @Test
    void delaysAreRoundedUpToWholeSeconds() {
        assertThat(claim.visibility(Duration.ofMillis(1), after(Duration.ZERO))).isEqualTo(1);
        assertThat(claim.visibility(Duration.ofMillis(2_001), after(Duration.ZERO)))
                .isEqualTo(3);
        assertThat(claim.visibility(Duration.ZERO, after(Duration.ZERO))).isZero();
    }

    @Test
    void whatGoesBackIsNotRenewed() {
        claim.sends(dev.claimant.Settlement.Kind.RELEASE, after(Duration.ZERO));

        assertThat(claim.beginRenewal(new CompletableFuture<>())).isFalse();
    }

    @Test
    void whatIsBeingCompletedMayBeRenewed() {
        claim.sends(dev.claimant.Settlement.Kind.COMPLETE, after(Duration.ZERO));

        assertThat(claim.beginRenewal(new CompletableFuture<>())).isTrue();
    }

    @Test
    void oldClaimsAreFoundAndThoseThatAreOverForgotten() {
        holding.add(claim);

        assertThat(holding.claimedBefore(RECEIVED, after(Duration.ofSeconds(1))))
                .isEmpty();
        assertThat(holding.claimedBefore(RECEIVED + 1, after(Duration.ofSeconds(1))))
                .containsExactly(claim);
        assertThat(holding.claimedBefore(RECEIVED + 1, after(LOCK))).isEmpty();
    }
}
