package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.FinishedPod;
import dev.claimant.sample.keda.JobProgress;
import dev.claimant.sample.keda.JobTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Job and its pods, one after the other, as the Job controller would have them. Used by one thread. */
public final class Job {

    private final String name;
    private final JobTemplate template;
    private final Pods pods;
    private final Pace pace;
    private final Consumer<String> news;
    private final long createdNanos = System.nanoTime();
    private final List<Pod> started = new ArrayList<>();

    private JobProgress progress;
    private @Nullable Pod current;
    private long nextPodNanos;
    private long killNanos = Long.MAX_VALUE;
    private boolean finished;
    private boolean complete;

    /** A Job that is about to start its first pod. */
    public Job(String name, JobTemplate template, Pods pods, Pace pace, Consumer<String> news) {
        this.name = name;
        this.template = template;
        this.pods = pods;
        this.pace = pace;
        this.news = news;
        this.progress = JobProgress.of(template);
        startPod();
    }

    /** Does what is due by now. */
    public void tick() {
        Pod pod = current;
        if (finished) {
            return;
        }
        if (pod == null) {
            if (System.nanoTime() - nextPodNanos >= 0) {
                startPod();
            }
        } else if (pod.isRunning()) {
            enforceDeadline(pod);
        } else {
            ended(pod);
        }
    }

    private void startPod() {
        Pod pod = pods.start(template.pod(), name + "-" + (started.size() + 1), name);
        started.add(pod);
        current = pod;
    }

    private void ended(Pod pod) {
        current = null;
        int exitCode = pod.exitCode().orElseThrow();
        JobProgress.Step step = progress.after(new FinishedPod(exitCode, Set.of()), age());
        progress = step.progress();
        switch (step.next()) {
            case JOB_COMPLETE -> finished = complete = true;
            case JOB_FAILED -> {
                finished = true;
                news.accept(pod.name() + " exited " + exitCode + "; " + name + " has failed: " + step.reason());
            }
            case RETRY_POD -> {
                Duration wait = pace.here(step.backOff());
                nextPodNanos = System.nanoTime() + wait.toNanos();
                news.accept(pod.name() + " exited " + exitCode + "; next pod of " + name + " in " + wait.toMillis()
                        + " ms");
            }
        }
    }

    private void enforceDeadline(Pod pod) {
        if (killNanos == Long.MAX_VALUE && template.pastDeadline(age())) {
            killNanos =
                    System.nanoTime() + template.pod().terminationGracePeriod().toNanos();
            pod.terminate();
        } else if (killNanos != Long.MAX_VALUE && System.nanoTime() - killNanos >= 0) {
            pod.kill();
        }
    }

    private Duration age() {
        return pace.there(Duration.ofNanos(System.nanoTime() - createdNanos));
    }

    /** The owner of what its pods claim. */
    public String name() {
        return name;
    }

    /** Every pod so far, the running one last. */
    public List<Pod> pods() {
        return List.copyOf(started);
    }

    /** Whether it is complete or has failed. */
    public boolean isFinished() {
        return finished;
    }

    /** Whether a pod of it succeeded. */
    public boolean isComplete() {
        return complete;
    }

    /** The conditions of its running pod that are true; asks the pod. */
    Set<String> podConditions() {
        Pod pod = current;
        return pod != null && pod.isReady() ? Set.of("Ready") : Set.of();
    }

    /** Whether a pod of it runs at this moment. */
    public boolean isRunningPod() {
        return current != null && current.isRunning();
    }
}
