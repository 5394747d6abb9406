package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScalingStrategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** KEDA with one ScaledJob, and the Jobs that it has created. Used by one thread. */
public final class Cluster implements AutoCloseable {

    private final ScaledJob scaledJob;
    private final Scaler scaler;
    private final Pods pods;
    private final Pace pace;
    private final Consumer<String> news;
    private final List<Job> jobs = new ArrayList<>();

    private long nextPollNanos = System.nanoTime();
    private double lastReading = Double.NaN;
    private int peak;

    /** Nothing runs yet. */
    public Cluster(ScaledJob scaledJob, Scaler scaler, Pods pods, Pace pace, Consumer<String> news) {
        this.scaledJob = scaledJob;
        this.scaler = scaler;
        this.pods = pods;
        this.pace = pace;
        this.news = news;
    }

    /** Does what is due by now: what the Job controller does after each pod, what KEDA does at each poll. */
    public void tick() {
        jobs.forEach(Job::tick);
        if (System.nanoTime() - nextPollNanos >= 0) {
            nextPollNanos =
                    System.nanoTime() + pace.here(scaledJob.pollingInterval()).toNanos();
            poll();
        }
        peak = Math.max(peak, runningPods());
    }

    private void poll() {
        Reading reading;
        try {
            reading = scaler.read();
        } catch (IOException e) {
            news.accept("KEDA creates nothing: " + e.getMessage());
            return;
        }
        lastReading = reading.value();
        int create = scaledJob.jobsToCreate(List.of(reading), unfinished().size(), pending());
        for (int i = 0; i < create; i++) {
            jobs.add(new Job(scaledJob.name() + "-" + (jobs.size() + 1), scaledJob.job(), pods, pace, news));
        }
    }

    private int pending() {
        ScalingStrategy strategy = scaledJob.strategy();
        boolean asksPods = !strategy.pendingPodConditions().isEmpty();
        return (int) unfinished().stream()
                .filter(job -> strategy.isPending(job.isRunningPod(), asksPods ? job.podConditions() : Set.of()))
                .count();
    }

    private List<Job> unfinished() {
        return jobs.stream().filter(job -> !job.isFinished()).toList();
    }

    /** Whether there was nothing to do at the last poll and nothing runs. */
    public boolean isIdle() {
        return lastReading == 0 && unfinished().isEmpty();
    }

    /** What KEDA read last; not a number before the first poll. */
    public double lastReading() {
        return lastReading;
    }

    /** Every Job ever created. */
    public List<Job> jobs() {
        return List.copyOf(jobs);
    }

    /** Every pod ever started. */
    public List<Pod> pods() {
        return jobs.stream().flatMap(job -> job.pods().stream()).toList();
    }

    /** How many pods run at this moment. */
    public int runningPods() {
        return (int) jobs.stream().filter(Job::isRunningPod).count();
    }

    /** The most pods that ran at the same time. */
    public int peak() {
        return peak;
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        pods().forEach(Pod::kill);
    }
}
