package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Pod;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What came out in the end.
 *
 * @param slots of each worker
 * @param rest what has become of messages that are no row
 */
record HelloReport(
        HelloOptions options,
        int slots,
        HelloAudience.Counts counts,
        Rest rest,
        Deployment deployment,
        int killed,
        Duration took) {

    /** A line of {@link dev.claimant.sample.Chronicle}'s. */
    private static final Pattern CLAIMED = Pattern.compile(" claimed ");

    /**
     * What the source says in the end.
     *
     * @param left how many messages the queue still holds
     * @param wronglyDead how many were given up without being poison; negative where poison was not
     * @param retried how many waited elsewhere for their next try
     */
    record Rest(long left, int wronglyDead, int retried, int tooEarly) {
        static Rest of(HelloStage stage) {
            return new Rest(stage.messages(), stage.dead() - stage.poison(), stage.retried(), stage.tooEarly());
        }

        private boolean isGood() {
            return left == 0 && wronglyDead == 0 && retried == tooEarly;
        }
    }

    /** Whether the demo has shown what it is to show. */
    boolean isGood() {
        return counts.noted() == options.greetings()
                && counts.messages() == options.greetings()
                && rest.isGood()
                && killed == options.kill()
                && deployment.peak() == mostWorkers()
                && deployment.isAtRest();
    }

    /** No more than there are, and no more than there is work for. */
    private int mostWorkers() {
        return Math.min(options.max(), (options.greetings() + slots - 1) / slots);
    }

    void print(PrintStream out) {
        int greetings = options.greetings();
        out.println();
        Rows.row(out, "asked for", greetings, "by the producer");
        Rows.row(
                out,
                "claimed",
                claims(),
                "what was sent twice, was poison or was held by a killed worker came besides");
        Rows.row(out, "noted", counts.noted(), "rows of greeting: the inbox lets each message through once");
        Rows.row(out, "lost", greetings - counts.messages(), "of these, without a row");
        Rows.row(out, "doubled", counts.doubled(), "of these, with more than one");
        if (rest.tooEarly > 0) {
            Rows.row(out, "waited", rest.retried, "in a retry topic, since its first attempt failed");
        }
        Rows.row(out, "left to do", (int) rest.left, "in the queue, in flight or not");
        String each = slots == 1 ? "one slot" : slots + " slots";
        Rows.row(
                out,
                "workers at once",
                deployment.peak(),
                "of " + each + " each, at most " + options.max() + "; none now");
        Rows.row(out, "pods started", deployment.pods().size(), "exit codes: " + Rows.exitCodes(deployment.pods()));
        out.println();
        out.println(String.format(
                Locale.ROOT,
                "greetings=%d success=%d lost=%d doubled=%d killed=%d peak=%d seconds=%.1f",
                greetings,
                counts.messages(),
                greetings - counts.messages(),
                counts.doubled(),
                killed,
                deployment.peak(),
                took.toMillis() / 1000.0));
    }

    private int claims() {
        return deployment.pods().stream().mapToInt(HelloReport::claims).sum();
    }

    /** How many messages the pod has claimed, as it says itself. */
    static int claims(Pod pod) {
        return (int) CLAIMED.matcher(pod.log()).results().count();
    }
}
