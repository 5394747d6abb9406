package dev.claimant.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long a claim that found nothing waits before it looks again. While notifications tell of new messages it looks ever more rarely, up to
 * eight poll intervals, except when a lock or a delay ends sooner: fifty idle workers that look four times a second take an eighth of a core.
 * Used by one claiming thread.
 */
final class PollPauses {

    private static final int MOST_DOUBLINGS = 3;

    /** Asks when the next message comes back by itself. */
    interface Next {
        NextDue.Due due() throws SQLException, InterruptedException;
    }

    private final long intervalNanos;
    private final BooleanSupplier isNotified;
    private final Next next;
    private int looksInVain;

    PollPauses(Duration interval, BooleanSupplier isNotified, Next next) {
        this.intervalNanos = interval.toNanos();
        this.isNotified = isNotified;
        this.next = next;
    }

    /** A message was found, or there may be one now. */
    void begin() {
        looksInVain = 0;
    }

    /** After a look in vain. */
    long nextNanos() throws SQLException, InterruptedException {
        if (!isNotified.getAsBoolean()) {
            looksInVain = 0;
            return intervalNanos;
        }
        int doublings = Math.min(looksInVain++, MOST_DOUBLINGS);
        if (doublings == 0) {
            return intervalNanos;
        }
        long due = next.due().first();
        long dueNanos = due >= Duration.ofDays(1).toMillis()
                ? Long.MAX_VALUE
                : Duration.ofMillis(due).toNanos();
        return Math.max(intervalNanos, Math.min(intervalNanos << doublings, dueNanos));
    }
}
