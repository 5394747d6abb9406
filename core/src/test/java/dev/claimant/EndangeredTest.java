package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Execution.StopReason;
import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The source's own thread comes to say that claims will be taken away; the test is all other threads. */
@Timeout(30)
class EndangeredTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Rig rig =
            Rig.with(InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), settings -> {
                settings.slots = 2;
                settings.retry = RetryPolicy.exponential().firstDelay(Duration.ofHours(1));
            });

    private Thread source = new Thread();

    @AfterEach
    void endTheSource() throws Exception {
        rig.advance(BOUND);
        joinSource();
    }

    @Test
    void theSourceWaitsUntilTheHandlerHasReturnedAndSettlesItItself() throws Exception {
        Execution running = startOne();
        endanger(rig.heard.claimed);
        awaitBlocked();
        rig.succeed(running);
        joinSource();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
        assertThat(rig.heard.lost).isEmpty();
    }

    @Test
    void whatWaitsAndWhatIsParkedGoesBackFirst() throws Exception {
        rig.send("parked", "running", "busy", "waiting");
        rig.claim();
        rig.fail(rig.start(), new Exception("no"));
        Execution running = rig.start();
        rig.claim();
        rig.start();
        rig.claim();
        assertThat(rig.waiting()).containsExactly("waiting");
        endanger(rig.heard.claimed.stream()
                .filter(claim -> !claim.id().equals("busy"))
                .toList());
        awaitBlocked();
        assertThat(rig.heard.settled).containsExactlyInAnyOrder("Retry parked APPLIED", "Release waiting APPLIED");
        rig.succeed(running);
        joinSource();
        assertThat(rig.heard.settled).contains("Complete running APPLIED");
    }

    @Test
    void whatIsLeftWhenTheTimeIsUpIsLost() throws Exception {
        Execution running = startOne();
        endanger(rig.heard.claimed);
        awaitBlocked();
        rig.advance(BOUND);
        joinSource();
        assertThat(running.stopReason).isEqualTo(StopReason.LOCK_LOST);
        assertThat(rig.heard.lost).containsExactly("a");
        rig.succeed(running);
        rig.settle();
        assertThat(rig.asked.settleCalls).isEmpty();
    }

    @Test
    void aCallThatIsUnderWayAlreadyIsWaitedFor() throws Exception {
        Execution running = startOne();
        rig.succeed(running);
        List<Execution> underWay = rig.engine.settling.poll(Kind.COMPLETE);
        endanger(rig.heard.claimed);
        awaitBlocked();
        rig.engine.settler.settle(underWay);
        joinSource();
        assertThat(rig.asked.settled()).containsExactly("Complete a");
        assertThat(rig.heard.lost).isEmpty();
    }

    @Test
    void whatIsNotAnsweredIsAskedAgainAfterAPause() throws Exception {
        Execution running = startOne();
        rig.succeed(running);
        rig.asked.answerSettlements(verdicts -> Collections.nCopies(verdicts.size(), Verdict.UNKNOWN));
        endanger(rig.heard.claimed);
        awaitBlocked();
        rig.asked.answerSettlements(verdicts -> verdicts);
        rig.advance(Duration.ofSeconds(1));
        joinSource();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete a again");
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void anInterruptOfTheSourceEndsTheWait() throws Exception {
        Execution running = startOne();
        endanger(rig.heard.claimed);
        awaitBlocked();
        source.interrupt();
        joinSource();
        assertThat(running.stopReason).isEqualTo(StopReason.LOCK_LOST);
    }

    private Execution startOne() {
        rig.send("a");
        rig.claim();
        return rig.start();
    }

    private void endanger(List<Claim> claims) {
        source = new Thread(() -> rig.engine.endangered(claims, BOUND));
        source.start();
    }

    /** Until the source's thread waits for a handler, or between two calls. */
    private void awaitBlocked() throws TimeoutException {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        while (source.getState() != Thread.State.TIMED_WAITING) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the source's thread never waits: it is " + source.getState());
            }
            Thread.onSpinWait();
        }
    }

    private void joinSource() throws InterruptedException {
        source.join(SECONDS.toMillis(10));
        assertThat(source.isAlive()).isFalse();
    }
}
