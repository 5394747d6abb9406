package dev.claimant.micrometer;

import dev.claimant.Backlog;
import java.util.OptionalLong;
import java.util.function.Function;

/** What is there to do in a source, as gauges. */
final class BacklogGauges {

    private final Meters meters;
    private final BacklogSample sample;

    private BacklogGauges(Meters meters, BacklogSample sample) {
        this.meters = meters;
        this.sample = sample;
    }

    static void register(Meters meters, BacklogSample sample) {
        meters.gauge(
                "claimant.backlog.scaler",
                "messages",
                "The number that KEDA reads for this source",
                sample,
                current -> current.read(Backlog::scaler));
        meters.gauge(
                "claimant.backlog.oldest",
                "seconds",
                "How long ago the oldest message that is not dead was enqueued",
                sample,
                current -> current.read(BacklogGauges::oldestSeconds));
        BacklogGauges gauges = new BacklogGauges(meters, sample);
        gauges.add("ready", Backlog::ready);
        gauges.add("in_flight", Backlog::inFlight);
        gauges.add("delayed", Backlog::delayed);
        gauges.add("dead", Backlog::dead);
    }

    private void add(String state, Function<Backlog, OptionalLong> number) {
        meters.gauge(
                "claimant.backlog",
                "messages",
                "Messages in the source, by state",
                sample,
                current -> current.read(backlog -> valueOf(number.apply(backlog))),
                "state",
                state);
    }

    /** NaN also where there is no message: an age of zero would be an answer. */
    private static double oldestSeconds(Backlog backlog) {
        return backlog.oldestAge().map(age -> age.toMillis() / 1e3).orElse(Double.NaN);
    }

    private static double valueOf(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : Double.NaN;
    }
}
