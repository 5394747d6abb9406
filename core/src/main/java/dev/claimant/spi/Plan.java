package dev.claimant.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the worker intends; the source gets it before the first claim.
 *
 * @param worker who this is, for histories and logs: the pod's name
 * @param slots how many handlers run at once
 * @param maxHeld the most claims that this worker ever holds: running, waiting and parked together
 * @param maxAttempts a message is dead-lettered after this many attempts; {@link Integer#MAX_VALUE} for never
 * @param handlerTimeout how long one handler may run; absent when unlimited
 * @param owner who claims, for reservations: the Job's name; absent without one
 * @param reservation how long a reserved message is kept for its owner
 * @param ordered whether messages with the same ordering key must run one at a time, in order
 * @param job whether this worker ends after a set number of messages
 */
public record Plan(
        String worker,
        int slots,
        int maxHeld,
        int maxAttempts,
        @Nullable Duration handlerTimeout,
        @Nullable String owner,
        Duration reservation,
        boolean ordered,
        boolean job) {

    /** Where releases burn attempts, a message may have this many attempts more than {@link #maxAttempts} before it is given up unrun. */
    public static final int RELEASE_ALLOWANCE = 10;

    /**
     * The highest attempt that core still runs where the source counts releases as attempts ({@link Capabilities#releaseCounted}). A
     * delivery limit of the broker must not be lower, or drains would end healthy messages.
     */
    public int maxCounted() {
        return maxAttempts > Integer.MAX_VALUE - RELEASE_ALLOWANCE
                ? Integer.MAX_VALUE
                : maxAttempts + RELEASE_ALLOWANCE;
    }
}
