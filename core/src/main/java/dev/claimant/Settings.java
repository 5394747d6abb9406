package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that {@link WorkerBuilder} was told; its field initialisers are the one place of all defaults. */
final class Settings {

    private static final int ASIDE_PER_SLOT = 50;
    private static final int MOST_SLOTS = 10_000;
    private static final Duration SHORTEST_LOCK = Duration.ofMillis(1);

    String name = hostName();

    /** {@link WorkerBuilder} knows the default. */
    String sourceName = "";

    int slots = 10;

    /** Where {@link #prefetch} follows the handlers: no more than this, however short they are. */
    static final int MOST_AHEAD = 2_000;

    /** Absent: it follows the handlers, see {@link Budgets}, as far as the source allows. */
    @Nullable Integer prefetch;

    /** Absent: twice as many as may be claimed, see {@link #maxUnsettled(int)}. */
    @Nullable Integer maxUnsettled;

    RetryPolicy retry = RetryPolicy.exponential();

    @Nullable Duration handlerTimeout;

    Duration drainTimeout = Duration.ofSeconds(20);
    Duration flushTimeout = Duration.ofSeconds(5);
    Duration stuckTimeout = Duration.ofMinutes(5);
    Duration reservation = Duration.ofMinutes(15);
    boolean ordered;

    @Nullable Integer managementPort;

    @Nullable Supplier<String> metrics;

    /** Set when the worker runs as a Job. */
    @Nullable JobOptions job;

    /** The most that ever waits for a slot, whatever the source is. */
    int mostAhead() {
        return job != null ? 0 : prefetch != null ? prefetch : MOST_AHEAD;
    }

    /** What waits may have to go back; where this counts, it burns attempts of messages that were never run. */
    int mostAhead(Capabilities source) {
        if (prefetch != null) {
            return mostAhead();
        }
        Integer most = source.mostAhead();
        return Math.min(mostAhead(), most != null ? most : source.releaseCounted() ? 0 : MOST_AHEAD);
    }

    /**
     * How many results may wait for their verdicts while this many claims may wait for a slot. Twice what may be claimed, since a call asks for no
     * more than what is left: a source that answers late is asked for a full claim while the results of another one are on their way (ADR 0085).
     */
    int maxUnsettled(int ahead) {
        int claimable = sum(slots, ahead);
        return maxUnsettled != null ? maxUnsettled : sum(claimable, claimable);
    }

    /** The most claims that are held at once and are not set aside. */
    int maxUsed() {
        return sum(sum(slots, mostAhead()), maxUnsettled(mostAhead()));
    }

    /**
     * The most failed messages that wait in the worker for their next try, and the most that wait behind an earlier one of their ordering key.
     * Neither takes the place of a message that could run.
     */
    int maxAside() {
        return slots * ASIDE_PER_SLOT;
    }

    int maxHeld() {
        return sum(maxUsed(), sum(maxAside(), maxAside()));
    }

    /** As far as a counter reaches. */
    static int sum(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }

    /** What the source is told of it. */
    Plan plan() {
        return new Plan(
                name,
                slots,
                maxHeld(),
                retry.maxAttempts(),
                handlerTimeout,
                job == null ? null : job.owner(),
                reservation,
                ordered,
                job != null);
    }

    void check(Problems problems) {
        if (!problems.whenMissing("name", name)) {
            problems.when(name.isBlank(), "name", name, "must not be blank");
        }
        problems.whenMissing("sourceName", sourceName);
        problems.when(slots < 1, "slots", slots, "must be at least 1");
        problems.when(slots > MOST_SLOTS, "slots", slots, "must be at most " + MOST_SLOTS);
        problems.when(prefetch != null && prefetch < 0, "prefetch", prefetch, "must not be negative");
        problems.when(maxUnsettled != null && maxUnsettled < 1, "maxUnsettled", maxUnsettled, "must be at least 1");
        if (!problems.whenMissing("retry", retry)) {
            retry.check(problems);
        }
        if (handlerTimeout != null) {
            problems.whenNotPositive("handlerTimeout", handlerTimeout);
        }
        problems.whenNegative("drainTimeout", drainTimeout);
        problems.whenNotPositive("flushTimeout", flushTimeout);
        problems.whenNotPositive("stuckTimeout", stuckTimeout);
        problems.whenNotPositive("reservation", reservation);
        problems.when(
                managementPort != null && (managementPort < 0 || managementPort > 65_535),
                "managementPort",
                managementPort,
                "must be between 0 and 65535");
        problems.when(
                metrics != null && managementPort == null,
                "managementPort",
                null,
                "must be set, for metrics are, and nothing else would serve them");
    }

    /** Each claim of a batch has a slot, and the time that it waits for others is part of its handler's. */
    void fit(Handler handler, boolean slotsAreSet, Problems problems) {
        int batch = handler.batchSize();
        if (batch == 1) {
            return;
        }
        slots = slotsAreSet ? slots : Math.max(slots, sum(batch, batch));
        problems.when(slots < batch, "slots", slots, "must be at least " + batch + ", the size of a batch");
        problems.when(
                handlerTimeout != null && handlerTimeout.compareTo(handler.batchWait()) <= 0,
                "handlerTimeout",
                handlerTimeout,
                "must be longer than " + handler.batchWait() + ", the time that a message may wait for its batch");
    }

    /** What the source cannot honour. */
    void checkAgainst(Capabilities source, String sourceName) {
        Problems problems = new Problems();
        problems.when(
                source.claimers() < 1,
                sourceName + " capabilities.claimers",
                source.claimers(),
                "must be at least 1, or nothing would ever be claimed: the source has a defect");
        problems.when(
                source.claimBatch() < 1,
                sourceName + " capabilities.claimBatch",
                source.claimBatch(),
                "must be at least 1, or nothing would ever be claimed: the source has a defect");
        problems.when(
                source.lockLength().compareTo(SHORTEST_LOCK) < 0,
                sourceName + " capabilities.lockLength",
                source.lockLength(),
                "must be at least " + SHORTEST_LOCK + ", or the worker would do nothing but renew");
        problems.when(
                ordered && source.ordering() == Ordering.NONE,
                "ordered",
                true,
                "needs a source that keeps order; this one does not");
        problems.when(
                !retry.neverGivesUp() && !source.deadLetters(),
                "retry.maxAttempts",
                retry.maxAttempts(),
                "needs a source that keeps dead letters; this one does not: set RetryPolicy.UNLIMITED or give it a place for them");
        problems.throwIfAny();
    }

    private static String hostName() {
        String host = System.getenv("HOSTNAME");
        return host != null ? host : "worker-" + ProcessHandle.current().pid();
    }
}
