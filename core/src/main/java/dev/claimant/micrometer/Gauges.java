package dev.claimant.micrometer;

import dev.claimant.Backlog;
import dev.claimant.Worker;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** How a worker uses its budgets, and how much work its source has, as gauges. */
final class Gauges {

    private Gauges() {}

    static void ofBudgets(Meters meters, Worker worker) {
        meters.gauge(
                "claimant.ready",
                "workers",
                "1 where the worker is ready, as /readyz says, else 0",
                worker,
                watched -> watched.isReady() ? 1 : 0);
        meters.gauge(
                "claimant.slots",
                "slots",
                "How many handlers may run at once",
                worker,
                watched -> watched.stats().slots());
        meters.gauge(
                "claimant.running",
                "handlers",
                "Handlers that run",
                worker,
                watched -> watched.stats().running());
        meters.gauge(
                "claimant.stuck",
                "handlers",
                "Handlers told to stop that go on",
                worker,
                watched -> watched.stats().stuck());
        meters.gauge(
                "claimant.waiting",
                "messages",
                "Claims that wait for a slot",
                worker,
                watched -> watched.stats().waiting());
        meters.gauge(
                "claimant.parked",
                "messages",
                "Claims that wait out a retry delay",
                worker,
                watched -> watched.stats().parked());
        meters.gauge(
                "claimant.unsettled",
                "messages",
                "Claims that wait for their verdict",
                worker,
                watched -> watched.stats().unsettled());
        meters.gauge(
                "claimant.held",
                "messages",
                "Claims that are not over",
                worker,
                watched -> watched.stats().held());
    }

    static void ofSource(Meters meters, Map<String, LongSupplier> own) {
        own.forEach((name, read) -> meters.gauge(
                "claimant.source." + name, "", "What this kind of source alone knows", read, LongSupplier::getAsLong));
    }

    static void ofBacklog(Meters meters, BacklogSample sample) {
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
                current -> current.read(Gauges::oldestSeconds));
        messages(meters, sample, "ready", Backlog::ready);
        messages(meters, sample, "in_flight", Backlog::inFlight);
        messages(meters, sample, "delayed", Backlog::delayed);
        messages(meters, sample, "dead", Backlog::dead);
    }

    private static void messages(
            Meters meters, BacklogSample sample, String state, Function<Backlog, OptionalLong> number) {
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
