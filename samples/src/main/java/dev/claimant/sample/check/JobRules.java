package dev.claimant.sample.check;

import dev.claimant.sample.keda.JobProgress;
import java.util.List;

/** What a ScaledJob must say so that a Job's pods end as its worker means it. */
final class JobRules {

    private static final String OWNER = "CLAIMANT_OWNER";
    private static final String JOB_NAME = "metadata.labels['batch.kubernetes.io/job-name']";
    private static final double ATTEMPTS = 5;
    private static final double RESERVATION = 900;

    static final List<Rule<Scaled>> RULES = List.of(
            rule("rollout", JobRules::rollout),
            rule("always-running-jobs", JobRules::alwaysRunning),
            rule("restart-policy", JobRules::restartPolicy),
            rule("one-pod-at-a-time", JobRules::onePodAtATime),
            rule("backoff-limit", JobRules::backoffLimit),
            rule("owner", JobRules::owner),
            rule("reservation", JobRules::reservation),
            rule("replacement", JobRules::replacement),
            rule("wrong-configuration", JobRules::wrongConfiguration),
            rule("evicted-pods", JobRules::evictedPods),
            rule("deadline", JobRules::deadline),
            rule("job-metric-type", JobRules::metricType),
            rule("job-cached-metrics", JobRules::cachedMetrics));

    private JobRules() {}

    private static Rule<Scaled> rule(String name, Rule.Check<Scaled> check) {
        return new Rule<>(name, (scaled, complaints) -> {
            if (scaled.isJob()) {
                check.look(scaled, complaints);
            }
        });
    }

    private static void rollout(Scaled scaled, Rule.Complaints complaints) {
        Element old = scaled.spec("rolloutStrategy");
        Element strategy = old.isSet() ? old : scaled.spec("rollout", "strategy");
        if (!strategy.text().equals("gradual")) {
            complaints.add(
                    strategy,
                    "a change of this manifest deletes Jobs in the middle of their work",
                    "Write rollout: {strategy: gradual}");
        } else if (old.isSet()) {
            complaints.add(old, "rolloutStrategy is deprecated", "Write rollout: {strategy: gradual}");
        }
    }

    private static void alwaysRunning(Scaled scaled, Rule.Complaints complaints) {
        Element min = scaled.spec("minReplicaCount");
        if (min.numberOr(0) > 0) {
            complaints.add(
                    min,
                    "minReplicaCount is how many Jobs run besides those for messages; one that finds nothing ends and is created again",
                    "Write minReplicaCount: 0, or take a Deployment for workers that stay.");
        }
    }

    private static void restartPolicy(Scaled scaled, Rule.Complaints complaints) {
        Element policy = scaled.job("template", "spec", "restartPolicy");
        if (!policy.text().equals("Never")) {
            complaints.add(
                    policy,
                    "with " + policy.textOr("OnFailure, which KEDA takes by itself")
                            + " the container is started again in its pod, and exit codes decide nothing",
                    "Write restartPolicy: Never");
        }
    }

    private static void onePodAtATime(Scaled scaled, Rule.Complaints complaints) {
        for (String count : List.of("parallelism", "completions")) {
            Element number = scaled.job(count);
            if (number.numberOr(1) != 1) {
                complaints.add(number, "KEDA counts a Job as one, however many pods it has", "Write " + count + ": 1");
            }
        }
    }

    private static void backoffLimit(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        Element limit = scaled.job("backoffLimit");
        if (pod == null || pod.isFromElsewhere("CLAIMANT_MAX_ATTEMPTS")) {
            return;
        }
        double attempts = pod.number("CLAIMANT_MAX_ATTEMPTS", ATTEMPTS);
        double wanted = isReserved(pod) ? attempts - 1 : 0;
        if (limit.numberOr(6) != wanted) {
            complaints.add(
                    limit,
                    isReserved(pod)
                            ? "the message is kept for this Job and has " + (long) attempts
                                    + " attempts: the last pod must be the one that gives it up"
                            : "another pod of this Job would find any message, not its own",
                    "Write backoffLimit: " + (long) wanted);
        }
    }

    private static void owner(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        if (pod != null && isReserved(pod)) {
            Element owner = pod.variable(OWNER);
            if (!owner.at("valueFrom", "fieldRef", "fieldPath").text().equals(JOB_NAME)) {
                complaints.add(
                        owner,
                        OWNER + " must be the Job's name, which is another for each Job",
                        "Write valueFrom: {fieldRef: {fieldPath: \"" + JOB_NAME + "\"}}");
            }
        }
    }

    /** The Job controller waits longer after each pod; until then the message must be kept. */
    private static void reservation(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        if (pod == null || !isReserved(pod)) {
            return;
        }
        int limit = (int) scaled.job("backoffLimit").numberOr(6);
        double longest = JobProgress.backOffAfter(limit).toSeconds();
        if (limit > 0 && pod.number("CLAIMANT_RESERVATION_SECONDS", RESERVATION) <= longest) {
            complaints.add(
                    pod.variable("CLAIMANT_RESERVATION_SECONDS"),
                    "the Job's next pod may come " + (long) longest
                            + " s later, when the message is no longer kept for it",
                    "Write at least " + (long) (longest + 60) + ".");
        }
    }

    private static void replacement(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        Element policy = scaled.job("podReplacementPolicy");
        boolean failure = scaled.job("podFailurePolicy").isSet();
        boolean missing = !policy.isSet() && !failure && pod != null && isReserved(pod);
        if (missing || policy.text().equals("TerminatingOrFailed")) {
            complaints.add(
                    policy,
                    "a Job's next pod would start while the last one is still ending, and take the message from it",
                    "Write podReplacementPolicy: Failed");
        }
    }

    private static void wrongConfiguration(Scaled scaled, Rule.Complaints complaints) {
        boolean fails = scaled.job("podFailurePolicy", "rules").items().stream()
                .filter(rule -> rule.at("action").text().equals("FailJob"))
                .flatMap(rule -> rule.at("onExitCodes", "values").items().stream())
                .anyMatch(code -> code.text().equals("78"));
        if (scaled.job("backoffLimit").numberOr(6) > 0 && !fails) {
            complaints.add(
                    scaled.job("podFailurePolicy"),
                    "a pod whose configuration is wrong exits with 78, and the next one would, too",
                    "Add to podFailurePolicy: {action: FailJob, onExitCodes: {operator: In, values: [78]}}");
        }
    }

    private static void evictedPods(Scaled scaled, Rule.Complaints complaints) {
        boolean ignored = scaled.job("podFailurePolicy", "rules").items().stream()
                .filter(rule -> rule.at("action").text().equals("Ignore"))
                .flatMap(rule -> rule.at("onPodConditions").items().stream())
                .anyMatch(condition -> condition.at("type").text().equals("DisruptionTarget"));
        if (!ignored) {
            complaints.add(
                    scaled.job("podFailurePolicy"),
                    "a pod that was evicted counts as one that failed",
                    "Add to podFailurePolicy: {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}");
        }
    }

    private static void deadline(Scaled scaled, Rule.Complaints complaints) {
        Element deadline = scaled.job("activeDeadlineSeconds");
        Pod pod = scaled.pod();
        double pods = scaled.job("backoffLimit").numberOr(6) + 1;
        double work = pod == null ? 0 : pod.number("CLAIMANT_HANDLER_TIMEOUT_SECONDS", 0) * pods;
        if (!deadline.isSet()) {
            complaints.add(
                    deadline,
                    "a Job that hangs keeps its place for ever",
                    "Add activeDeadlineSeconds, longer than all its pods may take.");
        } else if (deadline.numberOr(0) <= work) {
            complaints.add(
                    deadline,
                    "the Job ends after " + deadline.text() + " s, and its pods may work for " + (long) work + " s",
                    "Write more than CLAIMANT_HANDLER_TIMEOUT_SECONDS times the pods, and the waits between them.");
        }
    }

    private static void metricType(Scaled scaled, Rule.Complaints complaints) {
        scaled.triggers().stream()
                .map(trigger -> trigger.element().at("metricType"))
                .filter(Element::isSet)
                .forEach(type -> complaints.add(type, "KEDA refuses metricType on a ScaledJob", "Remove it."));
    }

    private static void cachedMetrics(Scaled scaled, Rule.Complaints complaints) {
        scaled.triggers().stream()
                .map(trigger -> trigger.element().at("useCachedMetrics"))
                .filter(Element::isSet)
                .forEach(cached -> complaints.add(
                        cached,
                        "a ScaledJob has no HPA that would ask between polls: KEDA ignores this",
                        "Remove it."));
    }

    private static boolean isReserved(Pod pod) {
        return pod.variable(OWNER).isSet();
    }
}
