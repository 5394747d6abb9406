package dev.claimant;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The application's work on one claimed message. Returning completes the message; throwing retries it as the {@code RetryPolicy}
 * says. {@link RetryLater}, {@link PermanentFailure} and {@link AlreadyDone} say more.
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
     * @throws AlreadyDone to complete a message whose work was done before, counted as a duplicate
     * @throws Exception any other failure: retried by policy, dead-lettered after the last attempt
     */
    void handle(Claim claim) throws Exception;

    /** How many claims it works on at once, each in a slot: the worker must have that many. */
    default int batchSize() {
        return 1;
    }

    /** How long a claim may wait for others before the work begins. */
    default Duration batchWait() {
        return Duration.ZERO;
    }

    /**
     * A handler that works on several messages at once. A batch begins when it is full, or when its first message has waited this long for others;
     * the worker's slots say how many messages are in batches at once, by default as many as two batches hold. Each message has its own lock,
     * attempt and result, as {@link BatchHandler} says. What wraps this handler runs for each message: with {@link #idempotent} the batch holds
     * only messages whose work is not done.
     *
     * <p>With a worker that is ordered, a batch holds one message of each ordering key at most.
     *
     * @param size the most messages of a batch
     * @param wait how long the first message waits for others; not at all in a drain and at the end of a Job, once no message of this worker can
     *     join any more
     */
    static Handler batching(int size, Duration wait, BatchHandler handler) {
        return new BatchGatherer(size, wait, handler, Threads.forHandlers());
    }

    /**
     * This handler, with code around each of its runs: a trace, a context for the log, a lock of the application's own. A batch handler keeps its
     * batches, of which a lambda around it would know nothing.
     *
     * <pre>{@code
     * handler.around((claim, inner) -> {
     *     try (Span span = tracer.begin(claim.id())) {
     *         inner.handle(claim);
     *     }
     * });
     * }</pre>
     *
     * @param interceptor runs for each message; {@link RunResult} says how a run has ended
     */
    default Handler around(Interceptor interceptor) {
        Handler inner = this;
        return new Handler() {
            @Override
            public void handle(Claim claim) throws Exception {
                interceptor.intercept(claim, inner);
            }

            @Override
            public int batchSize() {
                return inner.batchSize();
            }

            @Override
            public Duration batchWait() {
                return inner.batchWait();
            }
        };
    }

    /**
     * What a handler has said by what it has thrown, for what wraps a handler: of {@link AlreadyDone}, {@link RetryLater} and
     * {@link PermanentFailure} that came out of another thread or of reflection, without what they were wrapped in there. Any other failure is
     * returned as it is, and one whose own code fails is replaced.
     */
    static Throwable unwrapped(Throwable thrown) {
        return StackText.readable(thrown);
    }

    /**
     * A handler of decoded payloads. A body that the codec refuses is dead-lettered with the reason, without a retry.
     *
     * @param codec turns the message into a value
     * @param handler works on the value
     */
    static <T> Handler decoding(Codec<T> codec, Typed<T> handler) {
        return claim -> handler.handle(decode(codec, claim), claim);
    }

    /**
     * A handler that works on each idempotency key once, as far as a store outside the work's own transaction can know. A message whose key is
     * done is completed without running the handler, and counted as a duplicate. If the handler of another
     * message is working on the key, the message is tried again here a second later. That burns no attempt, and ends when the other handler
     * is done, has failed, or has held the key for too long. A handler that fails, or is told to stop, gives the key back.
     *
     * <p>If the process dies between the handler's return and the store's answer, the work is done and the store does not know. Where the work is
     * SQL, an inbox in the same transaction has no such gap.
     *
     * <p>A message without an idempotency key is dead-lettered, with that reason.
     *
     * @param store remembers which keys are done and which are in work
     * @param handler works on new keys
     */
    static Handler idempotent(IdempotencyStore store, Handler handler) {
        return idempotent(store, claim -> claim.message().idempotencyKey(), handler);
    }

    /**
     * The same with a key of the application's own making.
     *
     * @param key gives the same key for the same work, or null for a message that has none
     */
    static Handler idempotent(IdempotencyStore store, Function<Claim, @Nullable String> key, Handler handler) {
        return handler.around(new IdempotencyInterceptor(store, key));
    }

    private static <T> T decode(Codec<T> codec, Claim claim) {
        try {
            return codec.decode(claim.message());
        } catch (Exception e) {
            throw new PermanentFailure("cannot decode the body: " + e, e);
        }
    }

    /** Code around each run of a handler. */
    @FunctionalInterface
    interface Interceptor {

        /**
         * Runs the handler, or does not: what this returns or throws is what the message's handler has returned or thrown.
         *
         * @param handler the one that is wrapped; in a batch, it waits there for the message's own result
         */
        void intercept(Claim claim, Handler handler) throws Exception;
    }

    /** The work on one decoded payload; everything that {@link Handler} says holds. */
    @FunctionalInterface
    interface Typed<T> {

        /** Works on one value; see {@link Handler#handle}. */
        void handle(T value, Claim claim) throws Exception;
    }
}
