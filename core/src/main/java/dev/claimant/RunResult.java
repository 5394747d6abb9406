package dev.claimant;

import org.jspecify.annotations.Nullable;

/** How one run of a handler has ended, as the worker judges it: for what wraps handlers, and for listeners. */
public enum RunResult {
    /** The handler has returned: the message is completed. */
    COMPLETED,

    /** The message's work was done before, as {@link AlreadyDone} says: it is completed. */
    DUPLICATE,

    /** The handler could not begin, as {@link RetryLater#untried} says: it runs again later, as the same attempt. */
    UNTRIED,

    /** The handler was told to stop: whatever it has returned or thrown is not believed. */
    STOPPED,

    /** The handler has failed: the message is retried or dead-lettered. */
    FAILED;

    /**
     * Of the run that has just ended.
     *
     * @param thrown what came out of the handler, wrapped on its way or not; nothing if it has returned
     */
    public static RunResult of(Claim claim, @Nullable Throwable thrown) {
        return claim.stopAsked() ? STOPPED : of(thrown);
    }

    /** Of work on no single message, such as a whole batch, or where it does not matter whether it was told to stop. */
    public static RunResult of(@Nullable Throwable thrown) {
        if (thrown == null) {
            return COMPLETED;
        }
        Throwable said = StackText.isWrapper(thrown) ? Handler.unwrapped(thrown) : thrown;
        if (said instanceof AlreadyDone) {
            return DUPLICATE;
        }
        return said instanceof RetryLater later && later.isUntried() ? UNTRIED : FAILED;
    }
}
