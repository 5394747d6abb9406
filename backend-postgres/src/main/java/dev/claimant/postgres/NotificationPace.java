package dev.claimant.postgres;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the idle workers of one queue are notified of what this process enqueues. At most one call in a few milliseconds notifies, with its commit: that
 * wakes workers for all that was committed before the call began. {@link NotifierThread} notifies of what no such call followed. Thread-safe.
 */
final class NotificationPace {

    /** A busy producer notifies with a commit this often. Shorter than the wait, so that the thread finds nothing to do then. */
    private static final long BETWEEN_NOTIFYING_COMMITS = TimeUnit.MILLISECONDS.toNanos(3);

    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(5);

    final String queue;
    private final LongSupplier clock;
    private long lastNotifying;
    private boolean isPending;
    private long oldestPending;
    private long newestPending;

    NotificationPace(String queue) {
        this(queue, System::nanoTime);
    }

    NotificationPace(String queue, LongSupplier clock) {
        this.queue = queue;
        this.clock = clock;
        this.lastNotifying = clock.getAsLong() - BETWEEN_NOTIFYING_COMMITS;
    }

    long now() {
        return clock.getAsLong();
    }

    /** Whether a call that begins at this time is to notify with its commit. */
    synchronized boolean isToNotify(long begun) {
        if (begun - lastNotifying < BETWEEN_NOTIFYING_COMMITS) {
            return false;
        }
        lastNotifying = begun;
        return true;
    }

    /** A call that began at that time has notified, also of all that was committed before. */
    synchronized void notified(long begun) {
        if (newestPending - begun < 0) {
            isPending = false;
        } else if (oldestPending - begun < 0) {
            oldestPending = begun;
        }
    }

    /** A message was committed without a notification. */
    synchronized void committed() {
        newestPending = clock.getAsLong();
        if (!isPending) {
            oldestPending = newestPending;
            isPending = true;
        }
    }

    synchronized boolean isPending() {
        return isPending;
    }

    /** Returns whether a message has waited long enough; a caller that gets true must notify. */
    synchronized boolean takeOverdue() {
        if (!isPending || clock.getAsLong() - oldestPending < LONGEST_WAIT) {
            return false;
        }
        isPending = false;
        return true;
    }
}
