package dev.claimant.sqs;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from an Amazon SQS queue, standard or FIFO.
 *
 * <p>The lock is the message's visibility timeout, which renewals extend, up to 12 hours from the claim. Whether it still holds is decided by
 * our own clock, since SQS accepts a delete with an old receipt and deletes nothing. Attempts are what SQS counts as receives: crashes and
 * releases are among them.
 *
 * <p>A FIFO queue keeps order within each message group, across workers. On a standard queue a message group is a tenant of a fair queue, and
 * no order. Thread-safe as {@link Source} asks.
 */
public final class SqsSource implements Source {

    /** A request carries ten; what gathers beyond that goes in several at once. */
    private static final int LARGEST_SETTLEMENT_BATCH = 100;

    /** SQS charges for a request: at a hundred messages in a second, nine or ten go into each, with the time of the request itself. */
    private static final Duration SETTLEMENT_LINGER = Duration.ofMillis(90);

    /** What short handlers need to make room for ten; SQS takes as long to answer. */
    private static final Duration CLAIM_LINGER = Duration.ofMillis(5);

    /**
     * Ten full requests, so that four may be on their way beside what waits for a slot, as the loops of {@code bin/bench sqs} have. Claims ahead
     * follow the handlers, a tenth of a second of work; with 40 a worker of short handlers had two requests on their way.
     */
    private static final int MOST_AHEAD = 100;

    private static final int MOST_CLAIMERS = 16;
    private static final int SLOTS_PER_CLAIMER = 5;

    private final SqsConfig config;
    private final Connections connections;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final BacklogQuery backlog;
    private @Nullable Opened opened;
    private volatile @Nullable QueueAddress deadLetters;
    private boolean closed;

    private SqsSource(SqsConfig config) {
        this.config = config;
        connections = new Connections(config);
        deadLetters = config.deadLetterQueue;
        backlog = new BacklogQuery(connections, config.queue, () -> deadLetters);
    }

    /** A queue with all settings at their defaults. */
    public static SqsSource queue(String url) {
        return of(SqsConfig.queue(url).build());
    }

    /** A queue as the settings say. */
    public static SqsSource of(SqsConfig config) {
        return new SqsSource(config);
    }

    /** What works once the source is open. */
    private record Opened(Claiming claiming, Renewing renewing, Settling settling, LockWatch watch) {}

    @Override
    public synchronized Capabilities open(Plan plan, Events events) {
        if (closed || opened != null) {
            throw new ConfigurationException(List.of("source: the one of " + config.queue
                    + " was opened or closed before; each worker takes one of its own"));
        }
        QueueFacts facts = new StartupCheck(config, connections).check(plan.maxAttempts(), plan.maxCounted());
        deadLetters = facts.deadLetters();
        int claimers = claimers(plan);
        Batches batches = new Batches(connections, config.queue);
        Holding holding = new Holding();
        Opened parts = new Opened(
                new Claiming(config, connections, batches, holding, events, claimers, stop),
                new Renewing(config, batches, holding),
                new Settling(config, batches, holding, new Burying(config, connections, batches, holding, facts)),
                new LockWatch(config, holding, batches, events));
        parts.watch.start();
        opened = parts;
        return Capabilities.builder(config.lockLength)
                .claimers(claimers)
                .claimBatch(Batches.MOST)
                .claimLinger(CLAIM_LINGER)
                .mostAhead(MOST_AHEAD)
                .retryDelay(RetryDelay.NATIVE)
                .releaseCounted(true)
                .crashesCounted(true)
                .settlementConfirmed(true)
                .settlementBatch(settlementBatch(plan))
                .settlementLinger(SETTLEMENT_LINGER)
                .ordering(config.queue.isFifo() ? Ordering.ACROSS_WORKERS : Ordering.NONE)
                .deadLetters(facts.deadLetters() != null)
                .build();
    }

    /** A request brings ten messages: with two for ten slots, one brings the next while the last ones are handled. */
    private static int claimers(Plan plan) {
        int forSlots = 1 + (plan.slots() - 1) / SLOTS_PER_CLAIMER;
        return plan.job() ? 1 : Math.min(MOST_CLAIMERS, forSlots);
    }

    /** Whole requests for two results of each slot, which is no more than may wait for their verdicts; claims ahead let others gather meanwhile. */
    private static int settlementBatch(Plan plan) {
        int requests = Math.max(1, 2 * plan.slots() / Batches.MOST);
        return Math.min(LARGEST_SETTLEMENT_BATCH, requests * Batches.MOST);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return opened().claiming.claim(demand, wait);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return opened().renewing.renew(claims, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return opened().settling.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        stop.complete(null);
    }

    @Override
    public Backlog backlog() {
        return backlog.backlog();
    }

    /** For tests: the longest lock is nearly over for these. */
    void endanger(List<SqsClaim> claims, Duration finishWithin) {
        opened().watch.endanger(claims, finishWithin);
    }

    private synchronized Opened opened() {
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        return opened;
    }

    /** Waits for a request for messages that is under way, {@link SqsConfig.Builder#longestPoll} at most, and hands back what it brings. */
    @Override
    public void close() {
        stopClaiming();
        Opened parts;
        synchronized (this) {
            closed = true;
            parts = opened;
        }
        if (parts != null) {
            parts.watch.stop();
            parts.claiming.close();
        }
        connections.close();
    }
}
