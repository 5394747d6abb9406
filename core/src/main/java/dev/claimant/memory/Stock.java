package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.memory.InMemorySource.HandOut;
import dev.claimant.memory.Places.Entry;
import dev.claimant.memory.Places.Place;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The messages of an {@link InMemoryQueue}, and what each call of a worker does to them. Guarded by the queue's lock. */
final class Stock {

    private final Capabilities capabilities;
    private final LongSupplier clock;
    private final OrderedKeys keys;
    private final Places places;
    private final List<DeadLetter> dead = new ArrayList<>();
    private long lastPosition;
    private long lastFencingNumber;

    Stock(Capabilities capabilities, LongSupplier clock, OrderedKeys keys) {
        this.capabilities = capabilities;
        this.clock = clock;
        this.keys = keys;
        this.places = new Places(capabilities, clock);
    }

    void add(Message message) {
        Entry entry = new Entry(++lastPosition, message);
        keys.add(entry);
        places.makeReady(entry);
    }

    List<DeadLetter> dead() {
        return List.copyOf(dead);
    }

    Backlog backlog() {
        places.bringBack();
        return places.backlog(dead.size());
    }

    /** How long until a message becomes claimable without any call. */
    long nanosUntilNextReturn() {
        return places.nanosUntilNextReturn();
    }

    // ---- to a worker

    List<Claim> take(InMemorySource source, int demand) {
        List<Claim> claims = new ArrayList<>();
        places.bringBack();
        long now = clock.getAsLong();
        if (capabilities.reservation() && source.hasOwner()) {
            takeOver(source);
            hand(places.reserved(), source, demand, now, claims, entry -> source.isOwnedBy(entry.owner));
        }
        hand(places.ready(), source, demand, now, claims, entry -> true);
        return claims;
    }

    /** A Job's pod that died has left its locks behind, live or ended: the next pod of the same Job takes them first. */
    private void takeOver(InMemorySource source) {
        for (Entry entry : places.lockedOrLapsed(entry -> entry.holder != source && source.isOwnedBy(entry.owner))) {
            places.leave(entry);
            countLostLock(entry);
            places.reserve(entry, source);
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
        places.lock(entry, now);
        return new HandOut(entry, source, capabilities);
    }

    // ---- from its worker

    Verdict renew(HandOut claim) {
        if (!claim.isCurrent()) {
            return Verdict.LOST;
        }
        places.lock(claim.entry, clock.getAsLong());
        return Verdict.APPLIED;
    }

    Verdict settle(Settlement settlement) {
        HandOut claim = (HandOut) settlement.claim();
        Entry entry = claim.entry;
        if (!claim.isCurrent()) {
            boolean wasUs = settlement.repeated() && entry.settledFence == claim.fence;
            return wasUs ? Verdict.APPLIED : Verdict.LOST;
        }
        places.leave(entry);
        entry.settledFence = claim.fence;
        switch (settlement.kind()) {
            case COMPLETE -> remove(entry);
            case RETRY -> retry(entry, (Retry) settlement, claim.source);
            case RELEASE -> release(entry);
            case DEAD_LETTER -> giveUp(entry, (DeadLetter) settlement);
        }
        return Verdict.APPLIED;
    }

    private void retry(Entry entry, Retry retry, InMemorySource source) {
        if (retry.reserved()) {
            places.reserve(entry, source);
        } else if (retry.delay().isZero() || capabilities.retryDelay() == RetryDelay.HELD) {
            places.makeReady(entry);
        } else {
            places.delay(entry, retry.delay());
        }
    }

    private void release(Entry entry) {
        entry.attempt -= capabilities.releaseCounted() ? 0 : 1;
        places.makeReady(entry);
    }

    private void giveUp(Entry entry, DeadLetter letter) {
        remove(entry);
        if (capabilities.deadLetters()) {
            dead.add(letter);
        }
    }

    private void remove(Entry entry) {
        entry.place = Place.GONE;
        keys.remove(entry);
    }

    // ---- taken from its worker

    /** Takes the message away from its holder. */
    void takeAway(HandOut claim) {
        if (claim.isCurrent()) {
            takeAway(claim.entry);
        }
    }

    /** The connection of this source has ended, and with it the locks that end with a connection. */
    void disconnected(InMemorySource source) {
        if (capabilities.lock() == Lock.CONNECTION) {
            places.lockedBy(source).forEach(this::takeAway);
        }
    }

    private void takeAway(Entry entry) {
        places.leave(entry);
        countLostLock(entry);
        places.makeReady(entry);
    }

    private void countLostLock(Entry entry) {
        entry.expiredLocks++;
        entry.attempt -= capabilities.crashesCounted() ? 0 : 1;
    }
}
