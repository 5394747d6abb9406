package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Kills workers that have just begun to greet. */
final class HelloReaper {

    private final int quota;
    private final Deployment deployment;
    private final Consumer<String> news;
    private final List<Pod> victims = new ArrayList<>();

    HelloReaper(int quota, Deployment deployment, Consumer<String> news) {
        this.quota = quota;
        this.deployment = deployment;
        this.news = news;
    }

    void tick() {
        for (Pod pod : deployment.pods()) {
            if (victims.size() < quota && !victims.contains(pod) && pod.isRunning() && greets(pod)) {
                pod.kill();
                victims.add(pod);
                news.accept("kill -9 " + pod.pid() + ": " + pod.name() + " is gone in the middle of a greeting");
            }
        }
    }

    private static boolean greets(Pod pod) {
        return HelloReport.claims(pod) > 0;
    }

    /** How many pods have ended by SIGKILL. */
    int killed() {
        return (int) victims.stream()
                .filter(pod -> pod.exitCode().equals(OptionalInt.of(137)))
                .count();
    }
}
