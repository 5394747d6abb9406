package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a claim tells its handler about being told to stop. */
class StopAskedTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Rig rig = Rig.configured(settings -> {
        settings.handlerTimeout = TIMEOUT;
        settings.drainTimeout = Duration.ZERO;
    });

    @Test
    void aHandlerThatMayGoOnWasNotToldToStop() {
        assertThat(startOne(rig).claim.stopAsked()).isFalse();
    }

    @Test
    void aHandlerThatRunsTooLongIsToldToStopButHasItsLock() {
        Claim claim = startOne(rig).claim;

        rig.advance(TIMEOUT);
        rig.tick();

        assertThat(claim.stopAsked()).isTrue();
        assertThat(claim.lockLost()).isFalse();
    }

    @Test
    void aHandlerWhoseLockIsLostIsToldToStop() {
        Claim claim = startOne(rig).claim;

        rig.source.takeAway(List.of(claim));

        assertThat(claim.stopAsked()).isTrue();
        assertThat(claim.lockLost()).isTrue();
    }

    @Test
    void aHandlerThatADrainCannotWaitForIsToldToStop() {
        Claim claim = startOne(rig).claim;

        rig.engine.drain.begin();
        assertThat(rig.drainIsOver()).isFalse();

        assertThat(claim.stopAsked()).isTrue();
    }

    @Test
    void aJobsHandlerThatIsRunAgainWasNotToldToStopYet() {
        Rig job = Rig.with(InMemoryQueue.allCapabilities().with(all -> all.reservation(false)), settings -> {
            settings.job = JobOptions.messages(1);
            settings.handlerTimeout = TIMEOUT;
            settings.retry = RetryPolicy.immediate();
        });
        Execution first = startOne(job);
        job.advance(TIMEOUT);
        job.tick();
        job.fail(first, new InterruptedException());
        job.tick();

        Execution again = job.start();

        assertThat(again.claim).isSameAs(first.claim);
        assertThat(again.claim.stopAsked()).isFalse();
    }

    private static Execution startOne(Rig rig) {
        rig.send("a");
        rig.claim();
        return rig.start();
    }
}
