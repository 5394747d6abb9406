package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.memory.Entry.Place;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The messages of an {@link InMemoryQueue} and where each stands: every step that a message can take. Guarded by the queue's lock. */
final class Stock {

    private final Capabilities capabilities;
    private final LongSupplier clock;
    private final OrderedKeys keys;

    /** Claimable by anyone, by position: places READY and LAPSED. */
    private final TreeMap<Long, Entry> ready = new TreeMap<>();

    /** Claimable by their owners, by position. */
    private final TreeMap<Long, Entry> reserved = new TreeMap<>();

    private final PriorityQueue<Entry> delayed = new PriorityQueue<>(Comparator.comparingLong(entry -> entry.dueAt));
    private final Set<Entry> locked = new HashSet<>();
    private final List<DeadLetter> dead = new ArrayList<>();
    private long lastPosition;
    private long lastFencingNumber;

    /** No lock expires before this. */
    private long earliestExpiry = Long.MAX_VALUE;

    Stock(Capabilities capabilities, LongSupplier clock, OrderedKeys keys) {
        this.capabilities = capabilities;
        this.clock = clock;
        this.keys = keys;
    }

    void add(Message message) {
        Entry entry = new Entry(++lastPosition, message);
        keys.add(entry);
        makeReady(entry);
    }

    List<DeadLetter> dead() {
        return List.copyOf(dead);
    }

    Backlog backlog() {
        bringBack();
        long inFlight = (long) locked.size() + reserved.size();
        return new Backlog(
                ready.size() + inFlight,
                OptionalLong.of(ready.size()),
                OptionalLong.of(inFlight),
                OptionalLong.of(delayed.size()),
                OptionalLong.of(dead.size()),
                false);
    }

    // ---- to a worker

    List<Claim> take(InMemorySource source, int demand) {
        List<Claim> claims = new ArrayList<>();
        bringBack();
        long now = clock.getAsLong();
        if (capabilities.reservation() && source.hasOwner()) {
            takeOver(source, now);
            hand(reserved.values(), source, demand, now, claims, entry -> source.isOwnedBy(entry.owner));
        }
        hand(ready.values(), source, demand, now, claims, entry -> true);
        return claims;
    }

    /** A Job's pod that died has left its locks behind, live or ended: the next pod of the same Job takes them first. */
    private void takeOver(InMemorySource source, long now) {
        Predicate<Entry> left = entry -> entry.holder != source && source.isOwnedBy(entry.owner);
        for (Collection<Entry> held : List.of(locked, ready.values())) {
            for (Entry entry : held.stream().filter(left).toList()) {
                leave(entry);
                countLostLock(entry);
                reserve(entry, source, now);
            }
        }
    }

    private void hand(
            Collection<Entry> from,
            InMemorySource source,
            int demand,
            long now,
            List<Claim> claims,
            Predicate<Entry> condition) {
        Iterator<Entry> candidates = from.iterator();
        while (claims.size() < demand && candidates.hasNext()) {
            Entry entry = candidates.next();
            if (condition.test(entry) && (capabilities.ordering() == Ordering.NONE || keys.mayGoTo(source, entry))) {
                candidates.remove();
                claims.add(hand(entry, source, now));
            }
        }
    }

    private Claim hand(Entry entry, InMemorySource source, long now) {
        if (entry.place == Place.LAPSED) {
            countLostLock(entry);
        }
        entry.attempt++;
        entry.delivery++;
        entry.fencingNumber = ++lastFencingNumber;
        entry.holder = source;
        entry.owner = source.owner();
        lock(entry, now);
        return new InMemoryClaim(entry, source, capabilities);
    }

    private void lock(Entry entry, long now) {
        entry.place = Place.LOCKED;
        entry.lockedUntil = now + capabilities.lockLength().toNanos();
        earliestExpiry = Math.min(earliestExpiry, entry.lockedUntil);
        locked.add(entry);
    }

    // ---- from its worker

    Verdict renew(InMemoryClaim claim) {
        if (!claim.isCurrent()) {
            return Verdict.LOST;
        }
        if (claim.entry.place == Place.LAPSED) {
            ready.remove(claim.entry.position);
        }
        lock(claim.entry, clock.getAsLong());
        return Verdict.APPLIED;
    }

    Verdict settle(Settlement settlement) {
        InMemoryClaim claim = (InMemoryClaim) settlement.claim();
        Entry entry = claim.entry;
        if (!claim.isCurrent()) {
            boolean wasUs = settlement.repeated() && entry.settledFence == claim.fence;
            return wasUs ? Verdict.APPLIED : Verdict.LOST;
        }
        leave(entry);
        entry.settledFence = claim.fence;
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
            retry(entry, retry, claim.source);
        }
        return Verdict.APPLIED;
    }

    private void retry(Entry entry, Retry retry, InMemorySource source) {
        long now = clock.getAsLong();
        if (retry.reserved()) {
            reserve(entry, source, now);
        } else if (retry.delay().isZero() || capabilities.retryDelay() == RetryDelay.HELD) {
            makeReady(entry);
        } else {
            entry.place = Place.DELAYED;
            entry.dueAt = now + retry.delay().toNanos();
            delayed.add(entry);
        }
    }

    /** Takes the message away from its holder. */
    void takeAway(InMemoryClaim claim) {
        if (claim.isCurrent()) {
            takeAway(claim.entry);
        }
    }

    /** The connection of this source has ended, and with it the locks that end with a connection. */
    void disconnected(InMemorySource source) {
        if (capabilities.lock() == Lock.CONNECTION) {
            locked.stream().filter(entry -> entry.holder == source).toList().forEach(this::takeAway);
        }
    }

    private void takeAway(Entry entry) {
        leave(entry);
        countLostLock(entry);
        makeReady(entry);
    }

    // ---- places

    private void leave(Entry entry) {
        if (!locked.remove(entry)) {
            ready.remove(entry.position);
        }
        entry.holder = null;
        entry.owner = null;
    }

    private void countLostLock(Entry entry) {
        entry.expiredLocks++;
        entry.attempt -= capabilities.crashesCounted() ? 0 : 1;
    }

    private void makeReady(Entry entry) {
        entry.place = Place.READY;
        ready.put(entry.position, entry);
    }

    private void reserve(Entry entry, InMemorySource source, long now) {
        entry.place = Place.RESERVED;
        entry.owner = source.owner();
        entry.dueAt = now + source.reservation().toNanos();
        reserved.put(entry.position, entry);
    }

    private void remove(Entry entry) {
        entry.place = Place.GONE;
        keys.remove(entry);
    }

    // ---- time

    /** Makes messages claimable whose delay, reservation or lock is over. */
    private void bringBack() {
        long now = clock.getAsLong();
        for (Entry due = delayed.peek(); due != null && now - due.dueAt >= 0; due = delayed.peek()) {
            makeReady(delayed.remove());
        }
        if (!reserved.isEmpty()) {
            reserved.values().stream()
                    .filter(entry -> now - entry.dueAt >= 0)
                    .toList()
                    .forEach(this::endReservation);
        }
        if (now >= earliestExpiry) {
            endLocks(now);
        }
    }

    private void endReservation(Entry entry) {
        reserved.remove(entry.position);
        entry.owner = null;
        makeReady(entry);
    }

    private void endLocks(long now) {
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

    /** How long until a message becomes claimable without any call. */
    long nanosUntilNextReturn() {
        Entry due = delayed.peek();
        long next = Math.min(due == null ? Long.MAX_VALUE : due.dueAt, earliestExpiry);
        for (Entry entry : reserved.values()) {
            next = Math.min(next, entry.dueAt);
        }
        return next == Long.MAX_VALUE ? next : Math.max(1, next - clock.getAsLong());
    }
}
