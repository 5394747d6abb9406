package dev.claimant.memory;

import dev.claimant.Message;
import org.jspecify.annotations.Nullable;

/** One message in an {@link InMemoryQueue} and where it stands. Guarded by the queue's lock. */
final class Entry {

    enum Place {
        READY,
        LOCKED,
        /** The lock has ended, but the last holder still owns the message until another one claims it. */
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

    /** The owner of the lock or of the reservation: only this one may claim it next. */
    @Nullable String owner;

    Entry(long position, Message message) {
        this.position = position;
        this.message = message;
    }
}
