package dev.claimant.micrometer;

import dev.claimant.Claim;
import dev.claimant.RunResult;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import dev.claimant.spi.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what happens in a worker, as Micrometer meters. One object per worker, one running worker per name of a source:
 *
 * <pre>{@code
 * WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
 * Worker worker = Worker.builder(source).listener(metrics).handler(...).build();
 * metrics.watch(worker).watch(source, Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>Every meter has the tag {@code source} with the name given; no tag ever holds a message's own data.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>meter</th><th>what it tells</th></tr>
 * <tr><td>timer {@code claimant.handler}</td><td>how long handlers ran, by {@code outcome}: {@code completed}, {@code failed}, {@code untried}
 *     (see {@link dev.claimant.RetryLater#untried}), {@code stopped} (told to stop by the handler time-out or the drain), {@code lock_lost}</td></tr>
 * <tr><td>counter {@code claimant.handler.timeouts}</td><td>handlers that ran longer than they may</td></tr>
 * <tr><td>counter {@code claimant.duplicates}</td><td>messages whose work was done before; completed, and among the completed
 *     handlers</td></tr>
 * <tr><td>counter {@code claimant.claimed}</td><td>messages claimed</td></tr>
 * <tr><td>counter {@code claimant.redelivered}</td><td>those of them that had been handed out before</td></tr>
 * <tr><td>counter {@code claimant.settled}</td><td>claims ended, by {@code kind} ({@code complete}, {@code retry}, {@code release},
 *     {@code dead_letter}) and {@code verdict} ({@code applied}, {@code lost}, {@code unknown})</td></tr>
 * <tr><td>counter {@code claimant.locks.lost}</td><td>claims whose lock was lost before they were settled</td></tr>
 * <tr><td>counter {@code claimant.locks.renewed}</td><td>locks renewed, by {@code verdict}</td></tr>
 * <tr><td>timer {@code claimant.renewal}</td><td>how long one call to renew all held locks took</td></tr>
 * <tr><td>counter {@code claimant.source.failures}</td><td>calls to the source that failed, by {@code operation}</td></tr>
 * <tr><td>gauges {@code claimant.slots}, {@code .running}, {@code .stuck}, {@code .waiting}, {@code .parked}, {@code .unsettled},
 *     {@code .held}</td><td>see {@link dev.claimant.WorkerStats}</td></tr>
 * <tr><td>gauges {@code claimant.backlog} by {@code state} ({@code ready}, {@code in_flight}, {@code delayed}, {@code dead}),
 *     {@code claimant.backlog.scaler} and {@code claimant.backlog.oldest} (seconds)</td><td>see {@link dev.claimant.Backlog}; NaN where unknown</td></tr>
 * <tr><td>gauges {@code claimant.source.*}</td><td>what one kind of source knows: see {@link Source#gauges}</td></tr>
 * </table>
 *
 * <p>Percentiles are the registry's business: a {@code MeterFilter} turns on histograms for {@code claimant.handler}. Thread-safe; the events
 * of a message allocate nothing here.
 */
@SuppressWarnings("exports") // an application without Micrometer must compile: nothing requires it on behalf of others
public final class WorkerMetrics implements WorkerListener {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Meters meters;
    private final Timer completed;
    private final Timer failed;
    private final Timer untried;
    private final Timer stopped;
    private final Timer lockLost;
    private final Counter timeouts;
    private final Counter duplicates;
    private final Counter claimed;
    private final Counter redelivered;
    private final Counter locksLost;
    private final VerdictCounters renewed;
    private final Timer renewal;
    private final VerdictCounters completions;
    private final VerdictCounters retries;
    private final VerdictCounters releases;
    private final VerdictCounters deadLetters;
    private final Map<String, Counter> sourceFailures = new ConcurrentHashMap<>();

    /**
     * Registers every meter but the gauges.
     *
     * @param registry where the meters live
     * @param source what the worker works on, as dashboards name it: a queue, a table; few and stable names
     */
    public WorkerMetrics(MeterRegistry registry, String source) {
        meters = new Meters(registry, source);
        completed = handlerTimer("completed");
        failed = handlerTimer("failed");
        untried = handlerTimer("untried");
        stopped = handlerTimer("stopped");
        lockLost = handlerTimer("lock_lost");
        timeouts = meters.counter("claimant.handler.timeouts", null, "Handlers that ran longer than they may");
        duplicates = meters.counter("claimant.duplicates", "messages", "Messages whose work was done before");
        claimed = meters.counter("claimant.claimed", "messages", "Messages claimed");
        redelivered = meters.counter("claimant.redelivered", "messages", "Messages claimed, handed out before");
        locksLost = meters.counter("claimant.locks.lost", null, "Claims whose lock was lost before they were settled");
        renewed = VerdictCounters.ofRenewals(meters);
        renewal = meters.timer("claimant.renewal", "How long one call to renew all held locks took");
        completions = VerdictCounters.ofSettlements(meters, "complete");
        retries = VerdictCounters.ofSettlements(meters, "retry");
        releases = VerdictCounters.ofSettlements(meters, "release");
        deadLetters = VerdictCounters.ofSettlements(meters, "dead_letter");
        for (String operation : List.of("claim", "renew locks", "settle", "backlog")) {
            sourceFailures.put(operation, sourceFailuresOf(operation));
        }
    }

    private Timer handlerTimer(String outcome) {
        return meters.timer("claimant.handler", "How long handlers ran, by how that ended", "outcome", outcome);
    }

    /** Adds gauges of the worker's budgets; they go when the worker stops. */
    public WorkerMetrics watch(Worker worker) {
        Gauges.ofBudgets(meters, worker);
        return this;
    }

    /**
     * Adds the source's own gauges, and gauges of its backlog, which costs the source a query. It is asked when the gauges are read, on a thread of its own,
     * and what it answered serves all reads until the interval has passed. A source that fails, or takes longer than a second, makes the
     * gauges NaN; the read goes on. The gauges go when the worker stops.
     *
     * @param atMostEvery the shortest time between two queries
     * @throws IllegalArgumentException if the interval is not longer than zero
     */
    public WorkerMetrics watch(Source source, Duration atMostEvery) {
        if (atMostEvery.isZero() || atMostEvery.isNegative()) {
            throw new IllegalArgumentException("atMostEvery: " + atMostEvery + " must be longer than zero");
        }
        Gauges.ofSource(meters, source.gauges());
        Gauges.ofBacklog(
                meters, new BacklogSample(source::backlog, atMostEvery, PATIENCE, meters.clock(), this::sourceFailed));
        return this;
    }

    @Override
    public void claimed(Claim claim) {
        claimed.increment();
        if (claim.delivery() > 1) {
            redelivered.increment();
        }
    }

    @Override
    public void finished(Claim claim, Duration took, @Nullable Throwable failure) {
        timerFor(claim, failure).record(took);
    }

    private Timer timerFor(Claim claim, @Nullable Throwable failure) {
        if (claim.lockLost()) {
            return lockLost;
        }
        return switch (RunResult.of(claim, failure)) {
            case COMPLETED, DUPLICATE -> completed;
            case UNTRIED -> untried;
            case STOPPED -> stopped;
            case FAILED -> failed;
        };
    }

    @Override
    public void duplicate(Claim claim) {
        duplicates.increment();
    }

    @Override
    public void timedOut(Claim claim) {
        timeouts.increment();
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        countersFor(settlement).count(verdict);
    }

    private VerdictCounters countersFor(Settlement settlement) {
        return switch (settlement.kind()) {
            case COMPLETE -> completions;
            case RETRY -> retries;
            case RELEASE -> releases;
            case DEAD_LETTER -> deadLetters;
        };
    }

    @Override
    public void lockLost(Claim claim) {
        locksLost.increment();
    }

    @Override
    public void renewed(int applied, int lost, int unknown, Duration took) {
        renewed.count(applied, lost, unknown);
        renewal.record(took);
    }

    @Override
    public void sourceFailed(String operation, Exception problem) {
        sourceFailures.computeIfAbsent(operation, this::sourceFailuresOf).increment();
    }

    private Counter sourceFailuresOf(String operation) {
        String tag = operation.replace(' ', '_');
        return meters.counter("claimant.source.failures", null, "Calls to the source that failed", "operation", tag);
    }

    @Override
    public void stateChanged(Worker.State state) {
        if (state == Worker.State.STOPPED) {
            meters.removeGauges();
        }
    }
}
