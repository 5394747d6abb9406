package dev.claimant.memory;

import dev.claimant.Message;
import org.jspecify.annotations.Nullable;

/** One message in an {@link InMemoryQueue} and where it stands. Guarded by the queue's lock. */
final class Entry {

    enum Place {
        READY,
        LOCKED,
        /** The lock has ended, but until somebody else is given the message it is still its last holder's. */
        LAPSED,
        RESERVED,
        DELAYED,
        GONE
    }

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

    /** Whose next claim this is; the owner of the lock or of the reservation. */
    @Nullable String owner;

    Entry(long position, Message message) {
        this.position = position;
        this.message = message;
    }
}
