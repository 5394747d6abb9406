package dev.claimant.servicebusserver;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The messages of one session that can be delivered, and its lock and state; without sessions a queue has one lane. */
final class Lane {

    final String sessionId;
    final NavigableMap<Long, StoredMessage> available = new TreeMap<>();
    byte @Nullable [] state;

    /** Whether it is locked: with a link, or without one while the lock of a link that has ended still runs. */
    boolean isLocked;

    @Nullable Consumer holder;

    long lockedUntil;

    Lane(String sessionId) {
        this.sessionId = sessionId;
    }

    void unlock() {
        isLocked = false;
        holder = null;
        lockedUntil = 0;
    }
}
