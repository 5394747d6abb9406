package dev.claimant;

/**
 * Remembers which idempotency keys are done and which are in work, across all workers that share the store;
 * {@link Handler#idempotent(IdempotencyStore, Handler)} asks it. What is done is forgotten in the end: a store says how long it remembers.
 *
 * <p>Implementations are thread-safe, block for no longer than a handler can afford, and answer each call in one atomic step. A failure of
 * the store is an unchecked exception; it fails the handler's attempt.
 */
public interface IdempotencyStore {

    /** What is known of a key. */
    enum Answer {
        /** It is new, and the holder's from now on. */
        BEGUN,
        /** Its work is done. */
        DONE,
        /** Another holder has it in work. */
        BUSY
    }

    /**
     * Takes a key for a holder, unless it is done or in work. A key in work is free again when it was held for longer than the store
     * allows, and for every holder of the message that it was begun for: a message that is claimed again has lost its earlier lock.
     *
     * @param key names the work
     * @param message names the message, the same each time that it is claimed
     * @param holder names this one claim of it, unlike any other
     */
    Answer begin(String key, String message, String holder);

    /** The work is done, even if the holder took too long for it. Changes nothing if another holder has begun it since. */
    void complete(String key, String holder);

    /** The work failed or was stopped: anybody may begin it. Changes nothing if the key is not this holder's any more. */
    void abandon(String key, String holder);
}
