package dev.claimant.sample;

/** The command line is wrong; the message says how. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public UsageException(String problem) {
        super(problem);
    }
}
