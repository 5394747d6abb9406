package dev.claimant.opentelemetry;

import dev.claimant.postgres.EnqueueInterceptor;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import io.opentelemetry.api.OpenTelemetry;
import java.util.List;

/** Traces of what is enqueued in PostgreSQL. */
public final class PostgresTracing {

    private PostgresTracing() {}

    /** The same queue; each call that enqueues is a span, and its messages carry the context of that. */
    public static PostgresQueue traced(OpenTelemetry openTelemetry, PostgresQueue queue) {
        return queue.intercepted(new EnqueueSpans(openTelemetry));
    }

    private record EnqueueSpans(OpenTelemetry openTelemetry) implements EnqueueInterceptor {

        @Override
        public <X extends Exception> List<String> around(String queue, List<NewMessage> messages, Call<X> call)
                throws X {
            return new Spans(openTelemetry, "postgresql", queue)
                    .send(
                            messages.size(),
                            headers -> call.enqueue(messages.stream()
                                    .map(message -> message.withHeaders(headers))
                                    .toList()));
        }
    }
}
