package dev.claimant.sample.keda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A ScaledJob, as its manifest says, with KEDA's defaults filled in.
 *
 * @param minReplicaCount Jobs that always run, on top of what the triggers ask for
 * @param job what each Job runs
 */
public record ScaledJob(
        String name,
        Duration pollingInterval,
        int minReplicaCount,
        OptionalInt maxReplicaCount,
        ScalingStrategy strategy,
        List<Trigger> triggers,
        int successfulJobsHistoryLimit,
        int failedJobsHistoryLimit,
        JobTemplate job) {

    private static final int DEFAULT_LIMIT = 100;

    /**
     * Reads the ScaledJob of a manifest.
     *
     * @throws dev.claimant.ConfigurationException for a field that is missing or wrong, with its path and the file
     */
    public static ScaledJob read(Path manifest) {
        Field document = Field.document(manifest, "ScaledJob");
        document.mustNotBePaused();
        Field spec = document.at("spec");
        spec.at("triggers")
                .items()
                .forEach(trigger -> trigger.at("metricType").mustBeAbsent("KEDA refuses it on a ScaledJob"));
        return new ScaledJob(
                document.at("metadata", "name").text(),
                spec.at("pollingInterval").secondsOr(1, 30),
                spec.at("minReplicaCount").numberOr(0, 0),
                spec.at("maxReplicaCount").numberIfSet(1),
                ScalingStrategy.read(spec.at("scalingStrategy")),
                Trigger.readAll(spec.at("triggers")),
                spec.at("successfulJobsHistoryLimit").numberOr(0, 100),
                spec.at("failedJobsHistoryLimit").numberOr(0, 100),
                JobTemplate.read(spec.at("jobTargetRef")));
    }

    /** Whether the file holds one. */
    public static boolean isIn(Path manifest) {
        return Field.find(manifest, "ScaledJob", null).isPresent();
    }

    /** The same, with another {@code maxReplicaCount}. */
    public ScaledJob withMaxReplicaCount(int max) {
        return with(OptionalInt.of(max), job);
    }

    /** The same, with Jobs that run other pods. */
    public ScaledJob withPod(PodTemplate pod) {
        JobTemplate other = new JobTemplate(job.backoffLimit(), job.activeDeadline(), job.podFailurePolicy(), pod);
        return with(maxReplicaCount, other);
    }

    private ScaledJob with(OptionalInt max, JobTemplate template) {
        return new ScaledJob(
                name,
                pollingInterval,
                minReplicaCount,
                max,
                strategy,
                triggers,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit,
                template);
    }

    /**
     * How many Jobs KEDA creates at this poll.
     *
     * @param readings of the triggers whose scaler answered
     * @param running Jobs neither complete nor failed, whatever their pods do
     * @param pending those of them that {@link ScalingStrategy#isPending} says are
     */
    public int jobsToCreate(List<Reading> readings, int running, int pending) {
        int always = alwaysRunning();
        if (running < always) {
            return always - running;
        }
        Demand demand = Demand.of(readings, strategy.calculation(), limit());
        return strategy.batch(demand, running - always, pending, limit());
    }

    private int alwaysRunning() {
        return Math.min(minReplicaCount, maxReplicaCount.orElse(minReplicaCount));
    }

    /** Jobs beyond those that always run. KEDA takes them off only where a maximum is set and not below the minimum. */
    private int limit() {
        int max = maxReplicaCount.orElse(DEFAULT_LIMIT);
        return maxReplicaCount.isEmpty() || minReplicaCount > max ? max : max - minReplicaCount;
    }
}
