package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.memory.Entry.Place;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Settlement;
import dev.claimant.spi.Settlement.Complete;
import dev.claimant.spi.Settlement.DeadLetter;
import dev.claimant.spi.Settlement.Release;
import dev.claimant.spi.Settlement.Retry;
import dev.claimant.spi.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A queue in this process, for tests and as the reference of what a source must do. Any number of {@link InMemorySource}s may work on it,
 * one per worker. Thread-safe; nothing survives the process.
 */
public final class InMemoryQueue {

    private static final Capabilities ALL = new Capabilities(
            1,
            Lock.TIMED,
            Duration.ofSeconds(30),
            RetryDelay.NATIVE,
            false,
            true,
            true,
            Ordering.ACROSS_WORKERS,
            true,
            true,
            true);

    private final Capabilities capabilities;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, Entry> ready = new TreeMap<>();
    private final PriorityQueue<Entry> delayed = new PriorityQueue<>(Comparator.comparingLong(entry -> entry.dueAt));
    private final Set<Entry> locked = new HashSet<>();
    private final OrderedKeys keys;
    private final List<DeadLetter> dead = new ArrayList<>();
    private long lastPosition;
    private long lastFencingNumber;

    /** No lock expires before this. */
    private long earliestExpiry = Long.MAX_VALUE;

    /** A queue that can do everything, with locks of 30 seconds, on the system's clock. */
    public InMemoryQueue() {
        this(ALL, System::nanoTime);
    }

    /**
     * A queue that can do just this.
     *
     * @param capabilities what it declares, and keeps to
     * @param clock monotonic nanoseconds; a test's own, or {@link System#nanoTime}
     */
    public InMemoryQueue(Capabilities capabilities, LongSupplier clock) {
        this(capabilities, clock, new OrderedKeys());
    }

    InMemoryQueue(Capabilities capabilities, LongSupplier clock, OrderedKeys keys) {
        this.capabilities = capabilities;
        this.clock = clock;
        this.keys = keys;
    }

    /** Everything that a source can do: the capabilities of {@link #InMemoryQueue()}, to change from. */
    public static Capabilities allCapabilities() {
        return ALL;
    }

    /** Adds a message at the end. */
    public void send(Message message) {
        lock.lock();
        try {
            Entry entry = new Entry(++lastPosition, message);
            keys.add(entry);
            ready.put(entry.position, entry);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What was given up, oldest first, with reasons. */
    public List<DeadLetter> deadLetters() {
        lock.lock();
        try {
            return List.copyOf(dead);
        } finally {
            lock.unlock();
        }
    }

    /** What is there to do. */
    public Backlog backlog() {
        lock.lock();
        try {
            bringBack();
            long now = clock.getAsLong();
            long reserved = ready.values().stream()
                    .filter(entry -> entry.isReserved(now))
                    .count();
            return new Backlog(
                    ready.size() + locked.size(),
                    OptionalLong.of(ready.size() - reserved),
                    OptionalLong.of(locked.size() + reserved),
                    OptionalLong.of(delayed.size()),
                    OptionalLong.of(dead.size()),
                    false);
        } finally {
            lock.unlock();
        }
    }

    Capabilities capabilities() {
        return capabilities;
    }

    // ---- what a source asks for

    List<Claim> claim(InMemorySource source, int demand, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        lock.lockInterruptibly();
        try {
            List<Claim> claims = take(source, demand);
            long left = deadline - System.nanoTime();
            while (claims.isEmpty() && left > 0 && source.isClaiming()) {
                changed.awaitNanos(Math.min(left, untilNextReturn()));
                claims = take(source, demand);
                left = deadline - System.nanoTime();
            }
            return claims;
        } finally {
            lock.unlock();
        }
    }

    private List<Claim> take(InMemorySource source, int demand) {
        List<Claim> claims = new ArrayList<>();
        if (!source.isClaiming()) {
            return claims;
        }
        bringBack();
        long now = clock.getAsLong();
        if (capabilities.reservation() && source.hasOwner()) {
            takeOver(source, now);
            hand(source, demand, now, claims, entry -> source.isOwnedBy(entry.owner));
        }
        hand(source, demand, now, claims, entry -> !entry.isReserved(now));
        return claims;
    }

    /** A Job's pod that died has left its locks behind: the next pod of the same Job need not wait for their end. */
    private void takeOver(InMemorySource source, long now) {
        for (Entry entry : List.copyOf(locked)) {
            if (entry.holder != source && source.isOwnedBy(entry.owner)) {
                takeAway(entry);
                reserve(entry, source, now);
            }
        }
    }

    private void hand(InMemorySource source, int demand, long now, List<Claim> claims, Predicate<Entry> condition) {
        Iterator<Entry> candidates = ready.values().iterator();
        while (claims.size() < demand && candidates.hasNext()) {
            Entry entry = candidates.next();
            if (condition.test(entry) && (capabilities.ordering() == Ordering.NONE || keys.mayGoTo(source, entry))) {
                candidates.remove();
                claims.add(hand(entry, source, now));
            }
        }
    }

    private static void reserve(Entry entry, InMemorySource source, long now) {
        entry.owner = source.owner();
        entry.reservedUntil = now + source.reservation().toNanos();
    }

    private Claim hand(Entry entry, InMemorySource source, long now) {
        if (entry.place == Place.LAPSED) {
            countLostLock(entry);
        }
        entry.place = Place.LOCKED;
        entry.attempt++;
        entry.delivery++;
        entry.fencingNumber = ++lastFencingNumber;
        entry.holder = source;
        entry.owner = source.owner();
        lockAgain(entry, now);
        locked.add(entry);
        return new InMemoryClaim(entry, source, capabilities);
    }

    private void lockAgain(Entry entry, long now) {
        entry.lockedUntil = now + capabilities.lockLength().toNanos();
        earliestExpiry = Math.min(earliestExpiry, entry.lockedUntil);
    }

    Verdict renew(InMemoryClaim claim) {
        lock.lock();
        try {
            Entry entry = claim.entry;
            if (!isHeldBy(claim)) {
                return Verdict.LOST;
            }
            if (entry.place == Place.LAPSED) {
                ready.remove(entry.position);
                entry.place = Place.LOCKED;
                locked.add(entry);
            }
            lockAgain(entry, clock.getAsLong());
            return Verdict.APPLIED;
        } finally {
            lock.unlock();
        }
    }

    List<Verdict> settle(List<Settlement> settlements) {
        List<Verdict> verdicts = new ArrayList<>(settlements.size());
        lock.lock();
        try {
            for (Settlement settlement : settlements) {
                verdicts.add(settle(settlement));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return verdicts;
    }

    private Verdict settle(Settlement settlement) {
        InMemoryClaim claim = (InMemoryClaim) settlement.claim();
        Entry entry = claim.entry;
        if (!isHeldBy(claim)) {
            boolean wasUs = settlement.repeated() && entry.settledFence == claim.fence;
            return wasUs ? Verdict.APPLIED : Verdict.LOST;
        }
        if (!locked.remove(entry)) {
            ready.remove(entry.position);
        }
        entry.settledFence = claim.fence;
        entry.holder = null;
        entry.owner = null;
        if (settlement instanceof Complete) {
            remove(entry);
        } else if (settlement instanceof DeadLetter deadLetter) {
            remove(entry);
            if (capabilities.deadLetters()) {
                dead.add(deadLetter);
            }
        } else if (settlement instanceof Release) {
            entry.attempt -= capabilities.releaseCounted() ? 0 : 1;
            makeReady(entry);
        } else if (settlement instanceof Retry retry) {
            retry(entry, retry, claim);
        }
        return Verdict.APPLIED;
    }

    private void retry(Entry entry, Retry retry, InMemoryClaim claim) {
        long now = clock.getAsLong();
        if (retry.reserved()) {
            reserve(entry, claim.source, now);
        }
        if (retry.delay().isZero() || capabilities.retryDelay() == RetryDelay.HELD) {
            makeReady(entry);
        } else {
            entry.place = Place.DELAYED;
            entry.dueAt = now + retry.delay().toNanos();
            delayed.add(entry);
        }
    }

    private void remove(Entry entry) {
        entry.place = Place.GONE;
        keys.remove(entry);
    }

    private void makeReady(Entry entry) {
        entry.place = Place.READY;
        ready.put(entry.position, entry);
    }

    private static boolean isHeldBy(InMemoryClaim claim) {
        Place place = claim.entry.place;
        return (place == Place.LOCKED || place == Place.LAPSED) && claim.entry.fencingNumber == claim.fence;
    }

    /** Makes ready what is due and what outlived its lock. */
    private void bringBack() {
        long now = clock.getAsLong();
        for (Entry due = delayed.peek(); due != null && now - due.dueAt >= 0; due = delayed.peek()) {
            makeReady(delayed.remove());
        }
        if (now < earliestExpiry) {
            return;
        }
        earliestExpiry = Long.MAX_VALUE;
        for (Entry entry : List.copyOf(locked)) {
            if (capabilities.lock() == Lock.TIMED && now - entry.lockedUntil >= 0) {
                locked.remove(entry);
                entry.place = Place.LAPSED;
                ready.put(entry.position, entry);
            } else {
                earliestExpiry = Math.min(earliestExpiry, entry.lockedUntil);
            }
        }
    }

    private void countLostLock(Entry entry) {
        entry.expiredLocks++;
        entry.attempt -= capabilities.crashesCounted() ? 0 : 1;
    }

    /** From now on the message is not its holder's any more. */
    private void takeAway(Entry entry) {
        locked.remove(entry);
        entry.holder = null;
        entry.owner = null;
        countLostLock(entry);
        makeReady(entry);
        changed.signalAll();
    }

    void takeAway(InMemoryClaim claim) {
        lock.lock();
        try {
            if (isHeldBy(claim)) {
                takeAway(claim.entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection of this source has ended, and with it the locks that are nothing else. */
    void disconnected(InMemorySource source) {
        lock.lock();
        try {
            if (capabilities.lock() == Lock.CONNECTION) {
                List.copyOf(locked).stream()
                        .filter(entry -> entry.holder == source)
                        .forEach(this::takeAway);
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilNextReturn() {
        Entry due = delayed.peek();
        long next = Math.min(due == null ? Long.MAX_VALUE : due.dueAt, earliestExpiry);
        return next == Long.MAX_VALUE ? next : Math.max(1, next - clock.getAsLong());
    }

    void wakeClaimers() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
