package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One moment of the claps. */
record ClapScene(
        ClapAudience.Counts claps,
        double reading,
        int pods,
        int maxPods,
        int jobs,
        int completeJobs,
        int killed,
        Duration elapsed)
        implements Scene {

    static ClapScene now(Cluster cluster, ClapAudience.Counts claps, int maxPods, int killed, Duration elapsed) {
        List<Job> jobs = cluster.jobs();
        int complete = (int) jobs.stream().filter(Job::isComplete).count();
        return new ClapScene(
                claps, cluster.lastReading(), cluster.runningPods(), maxPods, jobs.size(), complete, killed, elapsed);
    }

    @Override
    public String asLine() {
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

    @Override
    public List<String> asPicture() {
        return List.of(
                Scene.bar("claps made", claps.success(), claps.claps()),
                Scene.bar("pods at work", pods, maxPods),
                String.format(Locale.ROOT, "  %5.1f s  KEDA reads %.0f  killed %d", seconds(), reading, killed),
                String.format(Locale.ROOT, "  Jobs %d, complete %d", jobs, completeJobs));
    }
}
