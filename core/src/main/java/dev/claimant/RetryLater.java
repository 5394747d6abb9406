package dev.claimant;

import java.time.Duration;

/**
 * Thrown by a {@link Handler} that wants the message again after a delay of its own choice. Counts as an attempt, unless it was made by
 * {@link #untried}.
 */
public class RetryLater extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Duration delay;
    private final boolean untried;

    /**
     * Retries after the delay.
     *
     * @param delay not negative; cut to the longest delay that the source can keep, and to a hundred years
     * @param why kept with the message's history where the source keeps one
     */
    public RetryLater(Duration delay, String why) {
        this(delay, why, false);
    }

    private RetryLater(Duration delay, String why, boolean untried) {
        super(why);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " is negative");
        }
        this.delay = delay.compareTo(Problems.LONGEST) > 0 ? Problems.LONGEST : delay;
        this.untried = untried;
    }

    /**
     * For a handler that has not begun and cannot begin now: another worker does the same work, or a quota is used up. Burns no attempt. The worker keeps
     * the claim, its lock renewed and without a slot, and runs the handler again after the delay; a drain meanwhile hands the message back
     * untried. The claim counts as held all that time, so the delay should be short.
     *
     * @param delay not negative; the worker waits a tenth of a second at least and a hundred years at most
     * @param why for the log
     */
    public static RetryLater untried(Duration delay, String why) {
        return new RetryLater(delay, why, true);
    }

    /** How long the message stays away. */
    public final Duration delay() {
        return delay;
    }

    /** Whether the message was not tried, so that no attempt is burned. */
    public final boolean isUntried() {
        return untried;
    }
}
