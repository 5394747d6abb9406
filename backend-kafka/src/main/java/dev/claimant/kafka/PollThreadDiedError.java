package dev.claimant.kafka;

/** Not an exception of the source, which would be tried again: a claim that gets it ends its thread, and so its worker. */
final class PollThreadDiedError extends Error {

    private static final long serialVersionUID = 1;

    PollThreadDiedError(String group, Throwable cause) {
        super("the thread that polls as group " + group + " has died: " + cause, cause);
    }
}
