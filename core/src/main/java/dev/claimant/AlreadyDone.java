package dev.claimant;

/**
 * Thrown by a {@link Handler} that finds the message's work done: by an earlier try, or for another message with the same idempotency key.
 * The message is completed, and counted as a duplicate; nothing has failed.
 */
public class AlreadyDone extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Completes the message. */
    public AlreadyDone(String why) {
        super(why, null, false, false); // an outcome, not a failure: its stack is never read
    }
}
