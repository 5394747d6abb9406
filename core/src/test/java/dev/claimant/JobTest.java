package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Retry;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The engine of a worker that runs as a Job. */
class JobTest {

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final JobRun run = new JobRun(JobOptions.messages(1));

    @Test
    void itClaimsSoManyMessagesAndNoMore() {
        Rig job = job(2, options -> options);
        job.send("a", "b", "c");
        job.workOffEverything();
        assertThat(job.asked.settled()).containsExactly("Complete a, Complete b");
        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.engine.isIdle()).isTrue();
        assertThat(run.result(false, null).exitCode()).isEqualTo(JobResult.DONE);
    }

    @Test
    void theSourceIsToldToStopBeforeTheLastMessageSettles() {
        Rig job = job(2, options -> options);
        job.send("a");
        job.claim();
        job.succeed(job.start());
        job.settle();
        assertThat(job.asked.toldToStop).isFalse();
        job.send("b");
        job.claim();
        assertThat(job.asked.toldToStop).isTrue();
        assertThat(job.asked.settled()).containsExactly("Complete a");
    }

    @Test
    void nothingIsClaimedAheadOfItsSlots() {
        Rig job = job(10, options -> options);
        job.send("a", "b", "c", "d");
        job.claim();
        job.succeed(job.start());
        job.start();
        job.claim();
        assertThat(job.start().claim.id()).isEqualTo("c");
        assertThat(job.stats().waiting()).isZero();
        assertThat(job.claim()).isZero();
    }

    @Test
    void onAnEmptySourceItWaitsForTheIdleTimeoutAndNoLonger() {
        Rig job = job(1, options -> options);
        job.claim();
        job.advance(IDLE.minusNanos(1));
        job.claim();
        assertThat(job.engine.demand.isClosed()).isFalse();
        assertThat(job.engine.demand.longestWait()).isEqualTo(Duration.ofNanos(1));
        job.advance(Duration.ofNanos(1));
        job.claim();
        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.engine.isIdle()).isTrue();
        assertThat(run.result(false, null).exitCode()).isEqualTo(JobResult.DONE);
    }

    @Test
    void aJobThatDoesNotWaitOnAnEmptySourceTakesWhatIsThereFirst() {
        Rig job = job(5, options -> options.idleTimeout(Duration.ZERO));
        job.send("a", "b", "c");
        job.workOffEverything();
        assertThat(run.result(false, null).completed()).isEqualTo(3);
        assertThat(job.engine.demand.isClosed()).isTrue();
    }

    @Test
    void timeSpentOnMessagesIsNotTimeOnAnEmptySource() {
        Rig job = job(3, options -> options);
        job.send("a", "b");
        job.claim();
        Execution longOne = job.start();
        job.start();
        for (int i = 0; i < 5; i++) {
            job.advance(IDLE.minusNanos(1));
            job.renew();
        }
        job.succeed(longOne);
        job.claim();
        assertThat(job.engine.demand.isClosed()).isFalse();
        job.advance(IDLE);
        job.claim();
        assertThat(job.engine.demand.isClosed()).isTrue();
    }

    @Test
    void anUnreachableSourceIsAskedUntilTheIdleTimeout() {
        Rig job = job(1, options -> options);
        job.source.unreachable(true);
        job.claim();
        assertThat(job.engine.demand.isClosed()).isFalse();
        job.advance(IDLE);
        job.claim();
        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.engine.demand.lastCallFailed()).isTrue();
        assertThat(job.heard.failed).containsExactly("claim", "claim");
        assertThat(run.result(false, "unreachable").exitCode()).isEqualTo(JobResult.TRY_AGAIN);
    }

    @Test
    void aWakeUpAfterTheLastFailedCallMakesItNoAnswer() {
        Rig job = job(1, options -> options);
        job.source.unreachable(true);
        job.claim();
        job.advance(IDLE);
        job.claim();

        job.source.wakeWorker();

        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.engine.demand.lastCallFailed()).isTrue();
    }

    @Test
    void aFailedMessageIsReservedForTheNextPodOfTheSameJob() {
        Rig pod = job(1, options -> options.owner("job-1"));
        pod.send("a");
        pod.claim();
        pod.fail(pod.start(), new Exception("no"));
        pod.settle();
        Retry retry = pod.asked.last(Retry.class);
        assertThat(retry.reserved()).isTrue();
        assertThat(retry.delay()).isZero();
        assertThat(run.result(false, null).exitCode()).isEqualTo(JobResult.RESERVED);
        Rig stranger =
                pod.another(settings -> settings.job = JobOptions.messages(1).owner("job-2"));
        assertThat(stranger.claim()).isZero();
        Rig nextPod =
                pod.another(settings -> settings.job = JobOptions.messages(1).owner("job-1"));
        assertThat(nextPod.claim()).isEqualTo(1);
        assertThat(nextPod.start().claim.attempt()).isEqualTo(2);
    }

    @Test
    void whatIsGivenUpIsNotReservedAndTheJobIsDone() {
        Rig pod = job(1, options -> options.owner("job-1"));
        pod.send("a");
        pod.claim();
        pod.fail(pod.start(), new PermanentFailure("never"));
        pod.settle();
        assertThat(pod.heard.settled).containsExactly("DeadLetter a APPLIED");
        assertThat(run.result(false, null).exitCode()).isEqualTo(JobResult.DONE);
    }

    @Test
    void onePodThatIsToldToStopBeforeItClaimedLeavesNothingReserved() {
        Rig pod = job(1, options -> options.owner("job-1"));
        pod.send("a");
        pod.claim();
        pod.fail(pod.start(), new Exception("no"));
        pod.settle();
        Rig stopped =
                pod.another(settings -> settings.job = JobOptions.messages(1).owner("job-1"));

        stopped.engine.handBackReserved();

        Rig stranger = pod.another(settings -> {});
        assertThat(stranger.claim()).isEqualTo(1);
        assertThat(stranger.start().claim.attempt()).isEqualTo(2);
    }

    private Rig job(int messages, UnaryOperator<JobOptions> options) {
        Rig rig = Rig.configured(settings -> {
            settings.slots = 2;
            settings.prefetch = 5;
            settings.job = options.apply(JobOptions.messages(messages).idleTimeout(IDLE));
        });
        rig.listeners.add(run);
        return rig;
    }
}
