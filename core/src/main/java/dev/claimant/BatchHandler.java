package dev.claimant;

/**
 * The application's work on several claimed messages at once, such as one INSERT for all of them. {@link Handler#batching} makes a
 * {@link Handler} of it, so that whatever is said there holds for each message of a batch: it has a slot, a lock that is renewed, a time-out and a
 * result of its own.
 */
@FunctionalInterface
public interface BatchHandler {

    /**
     * Works on a batch. When it returns, all messages of the batch are completed; when it throws, each of them has failed with that. {@link
     * Batch#complete} and {@link Batch#fail} give a message a result of its own before.
     *
     * <p>If one message's lock is lost, {@link Claim#lockLost()} turns true, its result is dropped, and the batch goes on. The thread is
     * interrupted, once, when a message has run longer than the handler time-out, when the worker drains and its time is up, or when all messages
     * that have no result yet are lost. A message counts its time from the moment that it begins to wait for the batch.
     *
     * @throws Exception any failure; the types that {@link Handler#handle} names mean the same here
     */
    void handle(Batch batch) throws Exception;
}
