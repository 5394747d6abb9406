package dev.claimant.sample.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.claimant.sample.cluster.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what the workers say that they have claimed and settled. Used by one thread. */
final class PodLogs {

    /** What a pod's log has said in its first bytes. */
    private record Counts(long bytes, int claimed, int settled, int completed) {}

    private static final Counts NONE = new Counts(0, 0, 0, 0);

    private final Map<Pod, Counts> counts = new HashMap<>();

    void read(List<Pod> pods) {
        pods.forEach(pod -> counts.put(pod, read(pod, counts.getOrDefault(pod, NONE))));
    }

    private static Counts read(Pod pod, Counts before) {
        byte[] news = pod.logBeyond(before.bytes);
        int whole = news.length;
        while (whole > 0 && news[whole - 1] != '\n') {
            whole--;
        }
        int claimed = before.claimed;
        int settled = before.settled;
        int completed = before.completed;
        for (String line : new String(news, 0, whole, UTF_8).split("\n", -1)) {
            boolean applied = line.contains(" APPLIED: ");
            claimed += line.contains(" claimed ") ? 1 : 0;
            settled += applied ? 1 : 0;
            completed += applied && line.contains(" complete ") ? 1 : 0;
        }
        return new Counts(before.bytes + whole, claimed, settled, completed);
    }

    int completed() {
        return counts.values().stream().mapToInt(Counts::completed).sum();
    }

    /** In the hands of pods that run. */
    int inFlight() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isRunning())
                .mapToInt(entry -> Math.max(0, entry.getValue().claimed - entry.getValue().settled))
                .sum();
    }
}
