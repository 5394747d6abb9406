package dev.claimant;

import java.time.Duration;

/** Thrown by a {@link Handler} to have the message back after a delay of its own choice; counts as an attempt. */
public class RetryLater extends Exception {

    private static final long serialVersionUID = 1;

    private final Duration delay;

    /**
     * Retries after the delay.
     *
     * @param delay not negative; a longer delay than the source can keep is cut to what it can, and any to a hundred years
     * @param why kept with the message's history where the source keeps one
     */
    public RetryLater(Duration delay, String why) {
        super(why);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " is negative");
        }
        this.delay = delay.compareTo(Problems.LONGEST) > 0 ? Problems.LONGEST : delay;
    }

    /** How long the message stays away. */
    public Duration delay() {
        return delay;
    }
}
