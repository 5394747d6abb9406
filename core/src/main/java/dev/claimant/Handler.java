package dev.claimant;

/**
 * The application's work on one claimed message. Returning completes the message; throwing retries it as the {@code RetryPolicy}
 * says. {@link RetryLater} and {@link PermanentFailure} say more.
 *
 * <p>Delivery is at-least-once: the same message may be handled again, after a crash or a lost lock even while an earlier run is still
 * going on elsewhere. Called from as many threads at once as the worker has slots. An interrupt means stop: the lock was lost, the
 * handler time-out has passed, or the worker drains and its time is up. What an interrupted handler returns is not believed; its
 * message is retried or released.
 */
@FunctionalInterface
public interface Handler {

    /**
     * Works on one message.
     *
     * @param claim the message and its lock
     * @throws RetryLater to retry after a delay of the handler's choice
     * @throws PermanentFailure to dead-letter at once
     * @throws Exception any other failure: retried by policy, dead-lettered after the last attempt
     */
    void handle(Claim claim) throws Exception;

    /**
     * A handler of decoded payloads. A body that the codec refuses is dead-lettered with the reason, without a retry.
     *
     * @param codec turns the message into a value
     * @param handler works on the value
     */
    static <T> Handler decoding(Codec<T> codec, Typed<T> handler) {
        return claim -> handler.handle(decode(codec, claim), claim);
    }

    private static <T> T decode(Codec<T> codec, Claim claim) throws PermanentFailure {
        try {
            return codec.decode(claim.message());
        } catch (Exception e) {
            throw new PermanentFailure("cannot decode the body: " + e, e);
        }
    }

    /** The work on one decoded payload; everything that {@link Handler} says holds. */
    @FunctionalInterface
    interface Typed<T> {

        /** Works on one value; see {@link Handler#handle}. */
        void handle(T value, Claim claim) throws Exception;
    }
}
