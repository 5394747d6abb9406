package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Execution.StopReason;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockKeepingTest {

    private static final Duration LOCK = InMemoryQueue.allCapabilities().lockLength();
    private static final Duration TICK = LOCK.dividedBy(3);

    private final Rig rig = Rig.configured(settings -> {
        settings.slots = 1;
        settings.prefetch = 5;
    });

    @Test
    void aLockOutlivesItsLengthAsLongAsItIsRenewed() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        for (int i = 0; i < 20; i++) {
            rig.advance(TICK);
            assertThat(rig.renew()).isEqualTo(1);
        }
        rig.succeed(running);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void nothingIsRenewedBeforeAThirdOfTheLockHasPassed() {
        rig.send("a");
        rig.claim();
        rig.advance(TICK.minusNanos(1));
        assertThat(rig.renew()).isZero();
        rig.advance(Duration.ofNanos(1));
        assertThat(rig.renew()).isEqualTo(1);
    }

    @Test
    void runningWaitingParkedAndUnsettledClaimsAreRenewedInOneCall() {
        Rig holding =
                Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                    settings.slots = 1;
                    settings.prefetch = 5;
                    settings.retry = RetryPolicy.exponential()
                            .firstDelay(Duration.ofDays(1))
                            .maxDelay(Duration.ofDays(1));
                });
        holding.send("done", "parked", "running", "waiting");
        holding.claim();
        holding.succeed(holding.start());
        holding.claim();
        holding.fail(holding.start(), new Exception("no"));
        holding.start();
        holding.claim();
        assertThat(holding.heard.parked).containsExactly("parked");
        assertThat(holding.waiting()).containsExactly("waiting");
        holding.advance(TICK);
        assertThat(holding.renew()).isEqualTo(4);
    }

    @Test
    void aLostLockStopsTheHandlerAndItsResultIsDropped() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.source.expireLock(running.claim);
        rig.advance(TICK);
        rig.renew();
        assertThat(running.stopReason).isEqualTo(StopReason.LOCK_LOST);
        assertThat(running.claim.lockLost()).isTrue();
        rig.succeed(running);
        rig.settle();
        assertThat(rig.heard.lost).containsExactly("a");
        assertThat(rig.heard.settled).isEmpty();
        assertThat(rig.queue.backlog().scaler()).isEqualTo(1);
    }

    @Test
    void aLateCompleteIsLostAndChangesNothing() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.source.expireLock(running.claim);
        rig.succeed(running);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a LOST");
        assertThat(rig.queue.backlog().scaler()).isEqualTo(1);
    }

    @Test
    void unansweredRenewalsAreTriedAgainSoonAndLoseTheLockOnlyWhenItHasRunOut() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.source.unreachable(true);
        rig.advance(TICK);
        assertThat(rig.renew()).isEqualTo(1);
        rig.advance(LOCK.dividedBy(12));
        assertThat(rig.renew()).isEqualTo(1);
        assertThat(running.stopReason).isNull();
        rig.advance(LOCK);
        rig.renew();
        assertThat(running.stopReason).isEqualTo(StopReason.LOCK_LOST);
    }

    @Test
    void aRenewalThatCrossesItsOwnCompletionLosesNothing() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.advance(TICK);
        var due = rig.engine.held.poll();
        rig.succeed(running);
        var batch = rig.engine.settling.poll(Settlement.Kind.COMPLETE);
        rig.queue.backlog();
        rig.engine.settler.settle(batch);
        rig.engine.lockKeeper.renew(due);
        assertThat(rig.heard.lost).isEmpty();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void aLockTakenAwayByTheSourceStopsTheHandlerAtOnce() {
        rig.send("a");
        rig.claim();
        Execution running = rig.start();
        rig.source.takeAway(java.util.List.of(running.claim));
        assertThat(running.stopReason).isEqualTo(StopReason.LOCK_LOST);
        assertThat(rig.engine.stats(0).held()).isZero();
    }

    /** Up to sixteen may stay until a slot is free: looking for them costs more than they do. */
    @Test
    void aClaimThatIsLostWhileItWaitsLeavesItsBodyToTheCollector() {
        rig.send("a");
        rig.claim();
        rig.start();

        List<WeakReference<Claim>> lost = loseWaitingClaims();

        await().until(() -> {
            System.gc();
            return lost.stream().filter(claim -> claim.get() != null).count() <= 16;
        });
    }

    private List<WeakReference<Claim>> loseWaitingClaims() {
        List<Claim> claims = IntStream.range(0, 50)
                .mapToObj(i -> Claim.of(Message.of("m" + i, "a body")))
                .toList();
        rig.asked.answerClaim(claims);
        rig.engine.claimLoop.claim(claims.size());
        rig.engine.lost(claims);
        rig.heard.claimed.clear();
        return claims.stream().map(WeakReference::new).toList();
    }
}
