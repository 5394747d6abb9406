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
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

    private final MeterRegistry registry;
    private final Tags tags;
    private final Gauges gauges;
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
    private final Map<Verdict, Counter> renewed;
    private final Timer renewal;
    private final Map<Settlement.Kind, Map<Verdict, Counter>> settled = new EnumMap<>(Settlement.Kind.class);
    private final Map<String, Counter> sourceFailures = new ConcurrentHashMap<>();

    /**
     * Registers every meter but the gauges.
     *
     * @param registry where the meters live
     * @param source what the worker works on, as dashboards name it: a queue, a table; few and stable names
     */
    public WorkerMetrics(MeterRegistry registry, String source) {
        this.registry = registry;
        tags = Tags.of("source", source);
        gauges = new Gauges(registry, tags);
        completed = handlerTimer("completed");
        failed = handlerTimer("failed");
        untried = handlerTimer("untried");
        stopped = handlerTimer("stopped");
        lockLost = handlerTimer("lock_lost");
        timeouts = counter(tags, "claimant.handler.timeouts", null, "Handlers that ran longer than they may");
        duplicates = counter(tags, "claimant.duplicates", "messages", "Messages whose work was done before");
        claimed = counter(tags, "claimant.claimed", "messages", "Messages claimed");
        redelivered = counter(tags, "claimant.redelivered", "messages", "Messages claimed, handed out before");
        locksLost = counter(tags, "claimant.locks.lost", null, "Claims whose lock was lost before they were settled");
        renewed = byVerdict(tags, "claimant.locks.renewed", null, "Renewals of locks, by the source's verdict");
        renewal = timer(tags, "claimant.renewal", "How long one call to renew all held locks took");
        for (Settlement.Kind kind : Settlement.Kind.values()) {
            String about = "Claims that ended, by kind of settlement and the source's verdict";
            settled.put(kind, byVerdict(tags.and("kind", tagOf(kind)), "claimant.settled", "messages", about));
        }
        for (String operation : List.of("claim", "renew locks", "settle", "backlog")) {
            sourceFailures.put(operation, sourceFailuresOf(operation));
        }
    }

    private Timer handlerTimer(String outcome) {
        return timer(tags.and("outcome", outcome), "claimant.handler", "How long handlers ran, by how that ended");
    }

    private Timer timer(Tags all, String name, String description) {
        return Timer.builder(name).description(description).tags(all).register(registry);
    }

    private Counter counter(Tags all, String name, @Nullable String unit, String description) {
        return Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .register(registry);
    }

    private Map<Verdict, Counter> byVerdict(Tags all, String name, @Nullable String unit, String description) {
        Map<Verdict, Counter> counters = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counters.put(verdict, counter(all.and("verdict", tagOf(verdict)), name, unit, description));
        }
        return counters;
    }

    private static String tagOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Adds gauges of the worker's budgets; they go when the worker stops. */
    public WorkerMetrics watch(Worker worker) {
        gauges.ofBudgets(worker);
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
        gauges.ofSource(source.gauges());
        gauges.ofBacklog(new BacklogSample(
                source::backlog, atMostEvery, PATIENCE, registry.config().clock(), this::sourceFailed));
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
        count(Objects.requireNonNull(settled.get(settlement.kind())), verdict, 1);
    }

    private static void count(Map<Verdict, Counter> counters, Verdict verdict, int more) {
        Objects.requireNonNull(counters.get(verdict)).increment(more);
    }

    @Override
    public void lockLost(Claim claim) {
        locksLost.increment();
    }

    @Override
    public void renewed(int applied, int lost, int unknown, Duration took) {
        count(renewed, Verdict.APPLIED, applied);
        count(renewed, Verdict.LOST, lost);
        count(renewed, Verdict.UNKNOWN, unknown);
        renewal.record(took);
    }

    @Override
    public void sourceFailed(String operation, Exception problem) {
        sourceFailures.computeIfAbsent(operation, this::sourceFailuresOf).increment();
    }

    private Counter sourceFailuresOf(String operation) {
        Tags all = tags.and("operation", operation.replace(' ', '_'));
        return counter(all, "claimant.source.failures", null, "Calls to the source that failed");
    }

    @Override
    public void stateChanged(Worker.State state) {
        if (state == Worker.State.STOPPED) {
            gauges.remove();
        }
    }
}
