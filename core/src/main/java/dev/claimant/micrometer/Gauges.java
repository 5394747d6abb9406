package dev.claimant.micrometer;

import dev.claimant.Backlog;
import dev.claimant.Worker;
import dev.claimant.WorkerStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** How a worker uses its budgets, and how much work its source has, as gauges. They go when the worker stops. */
final class Gauges {

    private final MeterRegistry registry;
    private final Tags source;
    private final List<Gauge> registered = new CopyOnWriteArrayList<>();

    Gauges(MeterRegistry registry, Tags source) {
        this.registry = registry;
        this.source = source;
    }

    void ofBudgets(Worker worker) {
        add(
                "claimant.ready",
                "workers",
                "1 where the worker is ready, as /readyz says, else 0",
                worker,
                watched -> watched.isReady() ? 1 : 0);
        budget(worker, "claimant.slots", "slots", "How many handlers may run at once", WorkerStats::slots);
        budget(worker, "claimant.running", "handlers", "Handlers that run", WorkerStats::running);
        budget(worker, "claimant.stuck", "handlers", "Handlers told to stop that go on", WorkerStats::stuck);
        budget(worker, "claimant.waiting", "messages", "Claims that wait for a slot", WorkerStats::waiting);
        budget(worker, "claimant.parked", "messages", "Claims that wait out a retry delay", WorkerStats::parked);
        budget(worker, "claimant.unsettled", "messages", "Claims that wait for their verdict", WorkerStats::unsettled);
        budget(worker, "claimant.held", "messages", "Claims that are not over", WorkerStats::held);
    }

    private void budget(
            Worker worker, String name, String unit, String description, ToIntFunction<WorkerStats> number) {
        add(name, unit, description, worker, watched -> number.applyAsInt(watched.stats()));
    }

    void ofSource(Map<String, LongSupplier> own) {
        own.forEach((name, read) -> add(
                "claimant.source." + name, "", "What this kind of source alone knows", read, LongSupplier::getAsLong));
    }

    void ofBacklog(BacklogSample sample) {
        add(
                "claimant.backlog.scaler",
                "messages",
                "The number that KEDA reads for this source",
                sample,
                current -> current.read(Backlog::scaler));
        add(
                "claimant.backlog.oldest",
                "seconds",
                "How long ago the oldest message that is not dead was enqueued",
                sample,
                current -> current.read(Gauges::oldestSeconds));
        messages(sample, "ready", Backlog::ready);
        messages(sample, "in_flight", Backlog::inFlight);
        messages(sample, "delayed", Backlog::delayed);
        messages(sample, "dead", Backlog::dead);
    }

    private void messages(BacklogSample sample, String state, Function<Backlog, OptionalLong> number) {
        add(
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

    /** In the place of one that an earlier worker may have left. */
    private <T> void add(
            String name, String unit, String description, T from, ToDoubleFunction<T> read, String... tags) {
        Tags all = source.and(tags);
        registry.find(name).tags(all).gauges().forEach(registry::remove);
        registered.add(Gauge.builder(name, from, read)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .strongReference(true)
                .register(registry));
    }

    void remove() {
        registered.forEach(registry::remove);
    }
}
