package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came out in the end. */
record Report(DemoOptions options, Audience.Counts claps, Cluster cluster, int killed, Duration took) {

    /** Whether the demo has shown what it is to show. */
    boolean isGood() {
        return claps.claps() == options.claps()
                && claps.success() == options.claps()
                && claps.doubled() == 0
                && killed == options.kill()
                && cluster.peak() <= options.max()
                && cluster.isIdle();
    }

    void print(PrintStream out) {
        long complete = cluster.jobs().stream().filter(Job::isComplete).count();
        out.println();
        row(out, "claps asked for", claps.claps(), "rows of make_it_clap");
        row(out, "made", claps.success(), "of these, with status SUCCESS in clap");
        row(out, "lost", claps.lost(), "of these, without");
        row(out, "doubled", claps.doubled(), "made more than once, by clap_log");
        row(out, "begun", claps.begun(), "by clap_log; one more for each pod that was killed");
        row(out, "given up", claps.dead(), "in claimant.dead");
        row(out, "left to do", (int) cluster.lastReading(), "the scaling query, at the end");
        row(out, "Jobs created", cluster.jobs().size(), "complete: " + complete);
        row(out, "pods started", cluster.pods().size(), "exit codes: " + exitCodes());
        row(out, "pods at once", cluster.peak(), "at most " + options.max());
        out.println();
        out.println(String.format(
                Locale.ROOT,
                "claps=%d success=%d lost=%d doubled=%d killed=%d peak=%d seconds=%.1f",
                claps.claps(),
                claps.success(),
                claps.lost(),
                claps.doubled(),
                killed,
                cluster.peak(),
                took.toMillis() / 1000.0));
    }

    private String exitCodes() {
        Map<Integer, Long> codes = cluster.pods().stream()
                .flatMap(pod -> pod.exitCode().stream().boxed())
                .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting()));
        return codes.entrySet().stream()
                .map(code -> code.getKey() + " (" + code.getValue() + " times)")
                .collect(Collectors.joining(", "));
    }

    private static void row(PrintStream out, String what, int number, String meaning) {
        out.println(String.format(Locale.ROOT, "  %-16s %5d   %s", what, number, meaning));
    }
}
