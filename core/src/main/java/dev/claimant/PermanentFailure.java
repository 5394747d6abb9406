package dev.claimant;

import org.jspecify.annotations.Nullable;

/** Thrown by a {@link Handler} when no retry can help: the message is dead-lettered at once, with the reason. */
public class PermanentFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Dead-letters with the reason. */
    public PermanentFailure(String reason) {
        this(reason, null);
    }

    /** Dead-letters with the reason, which an operator reads, and its cause. */
    public PermanentFailure(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
