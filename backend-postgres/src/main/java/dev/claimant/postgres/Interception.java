package dev.claimant.postgres;

import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The application's interceptor of a queue, where there is one. */
record Interception(String queue, @Nullable EnqueueInterceptor interceptor) {

    /** The rest of a call that enqueues one message. */
    interface One<X extends Exception> {
        List<String> enqueue(NewMessage message) throws X;
    }

    <X extends Exception> List<String> around(List<NewMessage> messages, EnqueueInterceptor.Call<X> call) throws X {
        return interceptor == null ? call.enqueue(messages) : interceptor.around(queue, messages, call);
    }

    <X extends Exception> List<String> around(NewMessage message, One<X> call) throws X {
        return around(List.of(message), all -> call.enqueue(all.get(0)));
    }
}
