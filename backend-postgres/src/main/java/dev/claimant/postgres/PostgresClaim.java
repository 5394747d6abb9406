package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Message;

/**
 * A message claimed from PostgreSQL. Its fencing number is drawn from one sequence for all claims, so it grows for a message even across
 * its dead-lettering and the removal of its row; guard a write with {@code WHERE last_fence <= ?} to keep out a worker that lost its lock.
 */
public final class PostgresClaim extends Claim {

    private final long row;
    private final long fence;

    PostgresClaim(
            Message message, int attempt, int delivery, int expiredLocks, long lockedUntilNanos, long row, long fence) {
        super(message, attempt, delivery, expiredLocks, lockedUntilNanos, fence);
        this.row = row;
        this.fence = fence;
    }

    /** The id of the message's row in {@code claimant.message}. */
    long row() {
        return row;
    }

    long fence() {
        return fence;
    }
}
