package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.JobProgress.Next;
import dev.claimant.sample.keda.JobProgress.Step;
import dev.claimant.sample.keda.PodFailureRule.Action;
import dev.claimant.sample.keda.PodFailureRule.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobProgressTest {

    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final PodFailureRule CONFIGURATION_FAILS_THE_JOB =
            new PodFailureRule(Action.FAIL_JOB, Operator.IN, Set.of(78), Set.of());
    private static final PodFailureRule DISRUPTION_IS_IGNORED =
            new PodFailureRule(Action.IGNORE, Operator.IN, Set.of(), Set.of("DisruptionTarget"));

    @Test
    void aPodThatExitsZeroCompletesTheJob() {
        Step step = after(job(3), exited(0));

        assertThat(step.next()).isEqualTo(Next.JOB_COMPLETE);
        assertThat(step.reason()).isEqualTo("CompletionsReached");
    }

    @Test
    void aFailedPodIsRetriedUntilThereAreMoreFailuresThanTheBackoffLimit() {
        assertThat(nexts(job(3), 4)).containsExactly(Next.RETRY_POD, Next.RETRY_POD, Next.RETRY_POD, Next.JOB_FAILED);
        assertThat(nexts(job(0), 1)).containsExactly(Next.JOB_FAILED);
    }

    @Test
    void aPodThatSucceedsAfterFailuresCompletesTheJob() {
        JobProgress failedThreeTimes = new JobProgress(job(3), 3, 0);

        assertThat(failedThreeTimes.after(exited(0), YOUNG).next()).isEqualTo(Next.JOB_COMPLETE);
    }

    @Test
    void anExitCodeOfAFailJobRuleFailsTheJobAtOnce() {
        Step step = after(job(3, CONFIGURATION_FAILS_THE_JOB, DISRUPTION_IS_IGNORED), exited(78));

        assertThat(step.next()).isEqualTo(Next.JOB_FAILED);
        assertThat(step.reason()).isEqualTo("PodFailurePolicy");
    }

    @Test
    void aDisruptedPodIsRetriedWithoutCountingTowardsTheBackoffLimit() {
        JobProgress progress = JobProgress.of(job(0, CONFIGURATION_FAILS_THE_JOB, DISRUPTION_IS_IGNORED));
        FinishedPod evicted = new FinishedPod(143, Set.of("DisruptionTarget"));

        Step first = progress.after(evicted, YOUNG);
        Step second = first.progress().after(evicted, YOUNG);

        assertThat(first.next()).isEqualTo(Next.RETRY_POD);
        assertThat(second.next()).isEqualTo(Next.RETRY_POD);
        assertThat(second.progress().failures()).isZero();
        assertThat(second.backOff()).isEqualTo(Duration.ofSeconds(20));
        assertThat(second.progress().after(exited(143), YOUNG).next()).isEqualTo(Next.JOB_FAILED);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        PodFailureRule countsEviction =
                new PodFailureRule(Action.COUNT, Operator.IN, Set.of(), Set.of("DisruptionTarget"));
        FinishedPod evicted = new FinishedPod(143, Set.of("DisruptionTarget"));

        Step step = after(job(3, countsEviction, DISRUPTION_IS_IGNORED), evicted);

        assertThat(step.progress().failures()).isEqualTo(1);
    }

    @Test
    void aNotInRuleMatchesEveryOtherExitCodeButZero() {
        PodFailureRule onlyOneIsWorthARetry = new PodFailureRule(Action.FAIL_JOB, Operator.NOT_IN, Set.of(1), Set.of());

        assertThat(after(job(3, onlyOneIsWorthARetry), exited(1)).next()).isEqualTo(Next.RETRY_POD);
        assertThat(after(job(3, onlyOneIsWorthARetry), exited(75)).next()).isEqualTo(Next.JOB_FAILED);
        assertThat(after(job(3, onlyOneIsWorthARetry), exited(0)).next()).isEqualTo(Next.JOB_COMPLETE);
    }

    @Test
    void theWaitBeforeTheNextPodDoublesFromTenSecondsToTenMinutes() {
        List<Long> seconds = new ArrayList<>();
        JobProgress progress = JobProgress.of(job(100));
        for (int pod = 0; pod < 9; pod++) {
            Step step = progress.after(exited(1), YOUNG);
            seconds.add(step.backOff().toSeconds());
            progress = step.progress();
        }

        assertThat(seconds).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
    }

    @Test
    void aJobOlderThanItsDeadlineFailsWhateverItsPodDid() {
        JobTemplate withinAMinute = new JobTemplate(3, Optional.of(Duration.ofMinutes(1)), List.of(), pod());
        Duration age = Duration.ofMinutes(1);

        assertThat(withinAMinute.pastDeadline(age.minusMillis(1))).isFalse();
        assertThat(withinAMinute.pastDeadline(age)).isTrue();
        assertThat(JobProgress.of(withinAMinute).after(exited(0), age).reason()).isEqualTo("DeadlineExceeded");
        assertThat(JobProgress.of(withinAMinute).after(exited(0), YOUNG).next()).isEqualTo(Next.JOB_COMPLETE);
    }

    private static List<Next> nexts(JobTemplate template, int pods) {
        List<Next> nexts = new ArrayList<>();
        JobProgress progress = JobProgress.of(template);
        for (int pod = 0; pod < pods; pod++) {
            Step step = progress.after(exited(1), YOUNG);
            nexts.add(step.next());
            progress = step.progress();
        }
        return nexts;
    }

    private static Step after(JobTemplate template, FinishedPod pod) {
        return JobProgress.of(template).after(pod, YOUNG);
    }

    private static FinishedPod exited(int code) {
        return new FinishedPod(code, Set.of());
    }

    private static JobTemplate job(int backoffLimit, PodFailureRule... rules) {
        return new JobTemplate(backoffLimit, Optional.empty(), List.of(rules), pod());
    }

    private static PodTemplate pod() {
        return new PodTemplate("worker", "image", List.of(), List.of(), Map.of(), Duration.ofSeconds(30));
    }
}
