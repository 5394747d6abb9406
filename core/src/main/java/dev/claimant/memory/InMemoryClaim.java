package dev.claimant.memory;

import dev.claimant.Claim;
import dev.claimant.memory.Entry.Place;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;

/** A claim on an entry; its fence says which hand-out it is, whether users get to see it or not. */
final class InMemoryClaim extends Claim {

    final Entry entry;
    final InMemorySource source;
    final long fence;

    InMemoryClaim(Entry entry, InMemorySource source, Capabilities queue) {
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
