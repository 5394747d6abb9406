package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What came out in the end. */
record ClapReport(DemoOptions options, ClapAudience.Counts claps, Cluster cluster, int killed, Duration took) {

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
        Rows.row(out, "claps asked for", claps.claps(), "rows of make_it_clap");
        Rows.row(out, "made", claps.success(), "of these, with status SUCCESS in clap");
        Rows.row(out, "lost", claps.lost(), "of these, without");
        Rows.row(out, "doubled", claps.doubled(), "made more than once, by clap_log");
        Rows.row(out, "begun", claps.begun(), "by clap_log; one more for each pod that was killed");
        Rows.row(out, "given up", claps.dead(), "in claimant.dead");
        Rows.row(out, "left to do", (int) cluster.lastReading(), "the scaling query, at the end");
        Rows.row(out, "Jobs created", cluster.jobs().size(), "complete: " + complete);
        Rows.row(out, "pods started", cluster.pods().size(), "exit codes: " + Rows.exitCodes(cluster.pods()));
        Rows.row(out, "pods at once", cluster.peak(), "at most " + options.max());
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
}
