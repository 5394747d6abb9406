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

    /** With one more, outside of that. */
    EnqueueInterceptor within(EnqueueInterceptor outer) {
        EnqueueInterceptor inner = interceptor;
        return inner == null ? outer : new Nested(outer, inner);
    }

    private record Nested(EnqueueInterceptor outer, EnqueueInterceptor inner) implements EnqueueInterceptor {

        @Override
        public <X extends Exception> List<String> around(String queue, List<NewMessage> messages, Call<X> call)
                throws X {
            return outer.around(queue, messages, changed -> inner.around(queue, changed, call));
        }
    }

    <X extends Exception> List<String> around(List<NewMessage> messages, EnqueueInterceptor.Call<X> call) throws X {
        return interceptor == null ? call.enqueue(messages) : interceptor.around(queue, messages, call);
    }

    <X extends Exception> List<String> around(NewMessage message, One<X> call) throws X {
        return around(List.of(message), all -> call.enqueue(all.get(0)));
    }
}
