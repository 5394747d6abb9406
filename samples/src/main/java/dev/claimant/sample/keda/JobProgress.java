package dev.claimant.sample.keda;

import dev.claimant.sample.keda.PodFailureRule.Action;
import java.time.Duration;
import java.util.Optional;

/**
 * A Job between two of its pods, as the Kubernetes Job controller sees it.
 *
 * @param failures failed pods that count towards the {@code backoffLimit}
 * @param ignored failed pods that a rule says to ignore; they still lengthen the wait
 */
public record JobProgress(JobTemplate template, int failures, int ignored) {

    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
    /** In the controller's source; the documentation says six minutes. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);

    /** What comes after a pod. */
    public enum Next {
        RETRY_POD,
        JOB_COMPLETE,
        JOB_FAILED
    }

    /**
     * What comes after a pod, and why.
     *
     * @param progress the Job from here on
     * @param reason as in the Job's condition; empty for a retry
     * @param backOff how long the controller waits before it creates the next pod; zero where there is none
     */
    public record Step(Next next, String reason, JobProgress progress, Duration backOff) {}

    /** A Job whose first pod is yet to end. */
    public static JobProgress of(JobTemplate template) {
        return new JobProgress(template, 0, 0);
    }

    /** What the controller does once this pod has ended, the Job being of this age. */
    public Step after(FinishedPod pod, Duration age) {
        boolean failed = pod.exitCode() != 0;
        Optional<Action> action = template.podFailurePolicy().stream()
                .filter(rule -> failed && rule.matches(pod))
                .map(PodFailureRule::action)
                .findFirst();
        boolean ignore = action.filter(Action.IGNORE::equals).isPresent();
        JobProgress now = new JobProgress(template, failures + (failed && !ignore ? 1 : 0), ignored + (ignore ? 1 : 0));
        if (action.filter(Action.FAIL_JOB::equals).isPresent()) {
            return now.ends(Next.JOB_FAILED, "PodFailurePolicy");
        }
        if (now.failures > template.backoffLimit()) {
            return now.ends(Next.JOB_FAILED, "BackoffLimitExceeded");
        }
        if (template.pastDeadline(age)) {
            return now.ends(Next.JOB_FAILED, "DeadlineExceeded");
        }
        return failed
                ? new Step(Next.RETRY_POD, "", now, backOffAfter(now.failures + now.ignored))
                : now.ends(Next.JOB_COMPLETE, "CompletionsReached");
    }

    private Step ends(Next next, String reason) {
        return new Step(next, reason, this, Duration.ZERO);
    }

    /** How long the controller waits before the pod that follows this many failed ones. */
    public static Duration backOffAfter(int failedPods) {
        Duration wait = FIRST_BACK_OFF;
        for (int pod = 1; pod < failedPods && wait.compareTo(LONGEST_BACK_OFF) < 0; pod++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }
}
