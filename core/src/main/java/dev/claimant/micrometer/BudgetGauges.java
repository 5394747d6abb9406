package dev.claimant.micrometer;

import dev.claimant.Worker;
import dev.claimant.WorkerStats;
import java.util.function.ToIntFunction;

/** How a worker uses its budgets, as gauges. */
final class BudgetGauges {

    private final Meters meters;
    private final Worker worker;

    private BudgetGauges(Meters meters, Worker worker) {
        this.meters = meters;
        this.worker = worker;
    }

    static void register(Meters meters, Worker worker) {
        BudgetGauges gauges = new BudgetGauges(meters, worker);
        gauges.add("claimant.slots", "slots", "How many handlers may run at once", WorkerStats::slots);
        gauges.add("claimant.running", "handlers", "Handlers that run", WorkerStats::running);
        gauges.add("claimant.stuck", "handlers", "Handlers told to stop that go on", WorkerStats::stuck);
        gauges.add("claimant.waiting", "messages", "Claims that wait for a slot", WorkerStats::waiting);
        gauges.add("claimant.parked", "messages", "Claims that wait out a retry delay", WorkerStats::parked);
        gauges.add("claimant.unsettled", "messages", "Claims without a verdict on their end", WorkerStats::unsettled);
        gauges.add("claimant.held", "messages", "Claims that are not over", WorkerStats::held);
    }

    private void add(String name, String unit, String description, ToIntFunction<WorkerStats> number) {
        meters.gauge(name, unit, description, worker, watched -> number.applyAsInt(watched.stats()));
    }
}
