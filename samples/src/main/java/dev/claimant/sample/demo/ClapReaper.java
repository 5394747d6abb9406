package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Pod;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Kills pods in the middle of claps, spread over the run. */
final class ClapReaper {

    private final int quota;
    private final Cluster cluster;
    private final ClapAudience audience;
    private final Consumer<String> news;
    private final List<Pod> victims = new ArrayList<>();

    ClapReaper(int quota, Cluster cluster, ClapAudience audience, Consumer<String> news) {
        this.quota = quota;
        this.cluster = cluster;
        this.audience = audience;
        this.news = news;
    }

    void tick(ClapAudience.Counts counts) throws SQLException {
        boolean due = victims.size() < quota && counts.success() * (quota + 1) >= counts.claps() * victims.size();
        String name = due ? audience.podInTheMiddleOfAClap() : null;
        for (Pod pod : cluster.pods()) {
            if (pod.name().equals(name) && pod.isRunning() && !victims.contains(pod)) {
                pod.kill();
                victims.add(pod);
                news.accept("kill -9 " + pod.pid() + ": " + pod.name() + " is gone in the middle of a clap");
            }
        }
    }

    /** How many pods have ended by SIGKILL. */
    int killed() {
        return (int) victims.stream()
                .filter(pod -> pod.exitCode().equals(OptionalInt.of(137)))
                .count();
    }
}
