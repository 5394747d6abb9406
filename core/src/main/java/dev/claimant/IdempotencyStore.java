package dev.claimant;

/**
 * Remembers which idempotency keys are done and which are in work, across all workers that share the store;
 * {@link Handler#idempotent(IdempotencyStore, Handler)} asks it. A store forgets keys that are done after some time, and documents that time.
 *
 * <p>Implementations are thread-safe, block for no longer than a handler can afford, and do each call in one atomic step. A failure of
 * the store is an unchecked exception; it fails the handler's attempt.
 */
public interface IdempotencyStore {

    /** What the store knows about a key. */
    enum Answer {
        /** It is new, and from now on the holder has it. */
        BEGUN,
        /** Its work is done. */
        DONE,
        /** Another holder is working on it. */
        BUSY
    }

    /**
     * Takes a key for a holder, unless it is done or in work. A key in work is free again once it was held for longer than the store allows. It is
     * also free for every later holder of the same message: a message that is claimed again has lost its earlier lock.
     *
     * @param key names the work
     * @param message names the message, the same each time that it is claimed
     * @param holder names this one claim of the message; no other claim has the same name
     */
    Answer begin(String key, String message, String holder);

    /** The work is done, even if the holder took too long for it. Changes nothing if another holder has begun it since. */
    void complete(String key, String holder);

    /** The work failed or was stopped: any holder may begin it. Changes nothing if this holder no longer has the key. */
    void abandon(String key, String holder);
}
