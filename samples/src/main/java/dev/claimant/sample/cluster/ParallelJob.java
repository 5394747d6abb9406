package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.ParallelJobTemplate;
import java.util.ArrayList;
import java.util.List;

/** A Job that starts pods, some at a time, until enough have succeeded or one has failed. Used by one thread. */
public final class ParallelJob implements AutoCloseable {

    private final String name;
    private final ParallelJobTemplate template;
    private final Pods pods;
    private final List<Pod> started = new ArrayList<>();

    /** No pod runs yet. */
    public ParallelJob(String name, ParallelJobTemplate template, Pods pods) {
        this.name = name;
        this.template = template;
        this.pods = pods;
    }

    /** Starts the pods that are due by now. */
    public void tick() {
        while (!hasFailed() && started.size() < template.completions() && running() < template.parallelism()) {
            started.add(pods.start(template.pod(), name + "-" + (started.size() + 1), name));
        }
    }

    private long running() {
        return started.stream().filter(Pod::isRunning).count();
    }

    /** How many pods have succeeded. */
    public int succeeded() {
        return (int)
                started.stream().filter(pod -> pod.exitCode().orElse(1) == 0).count();
    }

    /** Whether enough pods have succeeded. */
    public boolean isComplete() {
        return succeeded() == template.completions();
    }

    /** Whether a pod has failed, which ends the Job. */
    public boolean hasFailed() {
        return started.stream().anyMatch(pod -> pod.exitCode().orElse(0) != 0);
    }

    /** Every pod ever started. */
    public List<Pod> pods() {
        return List.copyOf(started);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        started.forEach(Pod::kill);
    }
}
