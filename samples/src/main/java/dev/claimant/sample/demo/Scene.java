package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One moment of the demo, in numbers. */
record Scene(
        Audience.Counts claps,
        double reading,
        int pods,
        int maxPods,
        int jobs,
        int completeJobs,
        int killed,
        Duration elapsed) {

    /** No line is longer than 60 columns: a terminal that wraps one would be erased wrongly. */
    private static final int BAR = 30;

    static Scene now(Cluster cluster, Audience.Counts claps, int maxPods, int killed, Duration elapsed) {
        List<Job> jobs = cluster.jobs();
        int complete = (int) jobs.stream().filter(Job::isComplete).count();
        return new Scene(
                claps, cluster.lastReading(), cluster.runningPods(), maxPods, jobs.size(), complete, killed, elapsed);
    }

    String asLine() {
        return String.format(
                Locale.ROOT,
                "%5.1f s  claps %d/%d  KEDA reads %.0f  pods %d  Jobs %d, complete %d  killed %d",
                seconds(),
                claps.success(),
                claps.claps(),
                reading,
                pods,
                jobs,
                completeJobs,
                killed);
    }

    List<String> asPicture() {
        return List.of(
                bar("claps made", claps.success(), claps.claps()),
                bar("pods at work", pods, maxPods),
                String.format(
                        Locale.ROOT,
                        "  %5.1f s  KEDA reads %.0f  Jobs %d, complete %d  killed %d",
                        seconds(),
                        reading,
                        jobs,
                        completeJobs,
                        killed));
    }

    private double seconds() {
        return elapsed.toMillis() / 1000.0;
    }

    private static String bar(String what, int done, int all) {
        int length = Math.min(BAR, done * BAR / all);
        return String.format(
                Locale.ROOT, "  %-12s [%s%s] %d/%d", what, "#".repeat(length), ".".repeat(BAR - length), done, all);
    }
}
