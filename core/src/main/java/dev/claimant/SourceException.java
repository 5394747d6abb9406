package dev.claimant;

import org.jspecify.annotations.Nullable;

/** The source could not be reached or answered with an error: nothing is wrong with the configuration or with any message. */
public class SourceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says what was tried, on which source, and what came back. */
    public SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
