package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.memory.Places.Entry;
import dev.claimant.memory.Places.Place;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One worker's view of an {@link InMemoryQueue}, with switches for the faults that real brokers have. Thread-safe.
 */
public final class InMemorySource implements Source {

    private final InMemoryQueue queue;
    private volatile boolean claiming = true;
    private volatile boolean closed;
    private volatile boolean unreachable;
    private volatile boolean losesAnswers;
    private volatile @Nullable Plan plan;
    private volatile @Nullable Events events;

    /** A claim on an entry; its fence says which hand-out it is, whether users get to see it or not. */
    static final class HandOut extends Claim {

        final Entry entry;
        final InMemorySource source;
        final long fence;

        HandOut(Entry entry, InMemorySource source, Capabilities queue) {
            super(
                    entry.message,
                    entry.attempt,
                    entry.delivery,
                    entry.expiredLocks,
                    queue.lock() == Lock.TIMED ? entry.lockedUntil : NO_EXPIRY,
                    queue.fencing() ? entry.fencingNumber : -1);
            this.entry = entry;
            this.source = source;
            this.fence = entry.fencingNumber;
        }

        /** Whether the message is still with this hand-out, its lock ended or not. */
        boolean isCurrent() {
            boolean held = entry.place == Place.LOCKED || entry.place == Place.LAPSED;
            return held && entry.fencingNumber == fence;
        }
    }

    /** A source for one worker. */
    public InMemorySource(InMemoryQueue queue) {
        this.queue = queue;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || this.plan != null) {
            throw new ConfigurationException(
                    List.of("source: it was opened or closed before; each worker takes one of its own"));
        }
        failIfUnreachable("open");
        this.plan = plan;
        this.events = events;
        return queue.capabilities();
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        failIfUnreachable("claim");
        return queue.claim(this, demand, wait);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        if (unreachable) {
            boolean endedToo = queue.capabilities().lock() == Lock.CONNECTION;
            return Collections.nCopies(claims.size(), endedToo ? Verdict.LOST : Verdict.UNKNOWN);
        }
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            verdicts.add(queue.renew((HandOut) claim));
        }
        return losesAnswers ? unknown(claims.size()) : verdicts;
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        if (unreachable) {
            return unknown(settlements.size());
        }
        List<Verdict> verdicts = queue.settle(settlements);
        return losesAnswers ? unknown(settlements.size()) : verdicts;
    }

    @Override
    public void stopClaiming() {
        claiming = false;
        queue.wakeClaimers();
    }

    @Override
    public Backlog backlog() {
        failIfUnreachable("count the backlog");
        return queue.backlog();
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        queue.disconnected(this);
    }

    // ---- faults

    /**
     * From now on nothing gets through: claims throw, renewals and settlements are not answered and not applied. Where the lock is the
     * connection, it ends, and a renewal says so.
     */
    public void unreachable(boolean unreachable) {
        this.unreachable = unreachable;
        if (unreachable) {
            disconnect();
        }
    }

    /** From now on everything is applied, but the answers are lost. */
    public void losesAnswers(boolean losesAnswers) {
        this.losesAnswers = losesAnswers;
    }

    /** Takes the message of this claim back into the queue, without telling the worker. */
    public void expireLock(Claim claim) {
        queue.takeAway((HandOut) claim);
    }

    /** Ends the connection. Where locks end with it, all held messages go back. The source continues with a new connection. */
    public void disconnect() {
        queue.disconnected(this);
    }

    /** Ends the lock on these claims and tells the worker, as a broker that takes a partition or a channel away. */
    public void takeAway(List<Claim> claims) {
        claims.forEach(this::expireLock);
        worker().lost(claims);
    }

    /** Announces that these claims will be taken away, waits for the worker, then takes away what it has not settled. */
    public void endanger(List<Claim> claims, Duration finishWithin) {
        worker().endangered(claims, finishWithin);
        takeAway(claims);
    }

    /** Tells the worker that something may be there to claim. */
    public void wakeWorker() {
        worker().wake();
    }

    // ---- for the queue

    boolean isClaiming() {
        return claiming;
    }

    @Nullable String owner() {
        Plan known = plan;
        return known == null ? null : known.owner();
    }

    boolean hasOwner() {
        return owner() != null;
    }

    boolean isOwnedBy(@Nullable String owner) {
        return owner != null && owner.equals(owner());
    }

    Duration reservation() {
        Plan known = plan;
        return known == null ? Duration.ZERO : known.reservation();
    }

    private Events worker() {
        return Objects.requireNonNull(events, "the source is not open");
    }

    private void failIfUnreachable(String what) {
        if (unreachable) {
            throw new SourceException("cannot " + what + ": the in-memory queue was made unreachable", null);
        }
    }

    private static List<Verdict> unknown(int size) {
        return Collections.nCopies(size, Verdict.UNKNOWN);
    }
}
