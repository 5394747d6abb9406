package dev.claimant.postgres;

import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.util.List;

/** Runs around each call of a {@link PostgresQueue} that enqueues messages, for what belongs around each, such as a trace. Thread-safe. */
public interface EnqueueInterceptor {

    /**
     * Goes on with the call, once, and returns what that returns or throws what that throws.
     *
     * @param queue the queue's name
     * @param messages what the application enqueues
     * @param call enqueues these messages or changed copies of them, in the same order
     * @return the ids of the enqueued messages: none for one that {@code enqueueOnce} left out
     */
    <X extends Exception> List<String> around(String queue, List<NewMessage> messages, Call<X> call) throws X;

    /** The rest of the call. */
    @FunctionalInterface
    interface Call<X extends Exception> {

        /** Enqueues the messages and returns their ids. */
        List<String> enqueue(List<NewMessage> messages) throws X;
    }
}
