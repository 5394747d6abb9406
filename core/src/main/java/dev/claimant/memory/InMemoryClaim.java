package dev.claimant.memory;

import dev.claimant.Claim;
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
}
