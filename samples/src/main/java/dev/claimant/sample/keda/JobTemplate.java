package dev.claimant.sample.keda;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A Job of one pod at a time, as {@code jobTargetRef} says.
 *
 * @param backoffLimit failed pods that are replaced; one more fails the Job
 * @param activeDeadline when the Job fails, counted from its start, whatever its pod does
 * @param podFailurePolicy the first rule that matches a failed pod decides
 */
public record JobTemplate(
        int backoffLimit, Optional<Duration> activeDeadline, List<PodFailureRule> podFailurePolicy, PodTemplate pod) {

    static JobTemplate read(Field spec) {
        Field podSpec = spec.at("template", "spec");
        Field restart = podSpec.at("restartPolicy");
        if (!restart.textOr("OnFailure").equals("Never")) {
            throw restart.wrong("must be Never (KEDA's default is OnFailure)");
        }
        for (String count : List.of("parallelism", "completions")) {
            if (spec.at(count).numberOr(0, 1) != 1) {
                throw spec.at(count).wrong("must be 1");
            }
        }
        PodTemplate pod = PodTemplate.read(podSpec);
        Field deadline = spec.at("activeDeadlineSeconds");
        return new JobTemplate(
                spec.at("backoffLimit").numberOr(0, 6),
                deadline.isSet() ? Optional.of(Duration.ofSeconds(deadline.number(1))) : Optional.empty(),
                spec.at("podFailurePolicy", "rules").items().stream()
                        .map(rule -> PodFailureRule.read(rule, pod.container()))
                        .toList(),
                pod);
    }

    /** Whether a Job of this age has failed for its age alone. */
    public boolean pastDeadline(Duration age) {
        return activeDeadline.filter(deadline -> age.compareTo(deadline) >= 0).isPresent();
    }
}
