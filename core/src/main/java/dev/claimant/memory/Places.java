package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Message;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where each message of an {@link InMemoryQueue} stands, and what time does to it. Guarded by the queue's lock. */
final class Places {

    enum Place {
        READY,
        LOCKED,
        /** The lock has ended, but the last holder still owns the message until another one claims it. */
        LAPSED,
        RESERVED,
        DELAYED,
        GONE
    }

    /** One message in an {@link InMemoryQueue} and where it stands. Guarded by the queue's lock. */
    static final class Entry {

        final long position;
        final Message message;
        Place place = Place.READY;
        int attempt;
        int delivery;
        int expiredLocks;
        long fencingNumber;

        /** The fencing number of the last claim that was settled, not expired. */
        long settledFence = -1;

        long lockedUntil;

        /** When the delay or the reservation ends. */
        long dueAt;

        @Nullable InMemorySource holder;

        /** The owner of the lock or of the reservation: only this one may claim it next. */
        @Nullable String owner;

        Entry(long position, Message message) {
            this.position = position;
            this.message = message;
        }
    }

    private final boolean locksEnd;
    private final Duration lockLength;
    private final LongSupplier clock;

    /** Claimable by anyone, by position: places READY and LAPSED. */
    private final TreeMap<Long, Entry> ready = new TreeMap<>();

    /** Claimable by their owners, by position. */
    private final TreeMap<Long, Entry> reserved = new TreeMap<>();

    private final PriorityQueue<Entry> delayed = new PriorityQueue<>(Comparator.comparingLong(entry -> entry.dueAt));
    private final Set<Entry> locked = new HashSet<>();

    /** No lock expires before this. */
    private long earliestExpiry = Long.MAX_VALUE;

    Places(Capabilities capabilities, LongSupplier clock) {
        this.locksEnd = capabilities.lock() == Lock.TIMED;
        this.lockLength = capabilities.lockLength();
        this.clock = clock;
    }

    Collection<Entry> ready() {
        return ready.values();
    }

    Collection<Entry> reserved() {
        return reserved.values();
    }

    /** Those with a lock that holds or has ended. */
    List<Entry> lockedOrLapsed(Predicate<Entry> condition) {
        return Stream.concat(locked.stream(), ready.values().stream())
                .filter(condition)
                .toList();
    }

    List<Entry> lockedBy(InMemorySource source) {
        return locked.stream().filter(entry -> entry.holder == source).toList();
    }

    Backlog backlog(int dead) {
        long inFlight = (long) locked.size() + reserved.size();
        return new Backlog(
                ready.size() + inFlight,
                OptionalLong.of(ready.size()),
                OptionalLong.of(inFlight),
                OptionalLong.of(delayed.size()),
                OptionalLong.of(dead),
                false);
    }

    // ---- from place to place

    void makeReady(Entry entry) {
        entry.place = Place.READY;
        ready.put(entry.position, entry);
    }

    /** For the length of a lock. A message whose lock has lapsed may be locked anew. */
    void lock(Entry entry, long now) {
        if (entry.place == Place.LAPSED) {
            ready.remove(entry.position);
        }
        entry.place = Place.LOCKED;
        entry.lockedUntil = now + lockLength.toNanos();
        earliestExpiry = Math.min(earliestExpiry, entry.lockedUntil);
        locked.add(entry);
    }

    void reserve(Entry entry, InMemorySource source) {
        entry.place = Place.RESERVED;
        entry.owner = source.owner();
        entry.dueAt = clock.getAsLong() + source.reservation().toNanos();
        reserved.put(entry.position, entry);
    }

    void delay(Entry entry, Duration delay) {
        entry.place = Place.DELAYED;
        entry.dueAt = clock.getAsLong() + delay.toNanos();
        delayed.add(entry);
    }

    /** Takes the message from its holder: it has no place until it is given one. */
    void leave(Entry entry) {
        if (!locked.remove(entry)) {
            ready.remove(entry.position);
        }
        entry.holder = null;
        entry.owner = null;
    }

    // ---- time

    /** Makes messages claimable whose delay, reservation or lock is over. */
    void bringBack() {
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
            if (locksEnd && now - entry.lockedUntil >= 0) {
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
