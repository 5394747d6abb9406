package dev.claimant.opentelemetry;

import dev.claimant.BatchHandler;
import dev.claimant.Handler;
import dev.claimant.WorkerListener;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;

/**
 * Traces of one queue, topic or table. A message carries the context of its sender in its headers, in the formats of the application's propagators
 * ({@code traceparent}, {@code tracestate}, {@code baggage} by default); its handler's span continues that trace. Names and attributes follow
 * OpenTelemetry's conventions for messaging.
 *
 * <pre>{@code
 * Tracing tracing = Tracing.of(openTelemetry, "rabbitmq", "emails");
 * Worker worker = Worker.builder(source)
 *         .handler(tracing.handler(claim -> send(claim.text())))
 *         .listener(tracing.listener())
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Tracing {

    private final Spans spans;
    private final FailedRuns failedRuns = new FailedRuns();

    private Tracing(Spans spans) {
        this.spans = spans;
    }

    /**
     * Traces of one destination.
     *
     * @param system the conventions' name of the broker: {@code postgresql}, {@code rabbitmq}, {@code kafka}, {@code aws_sqs}, {@code servicebus}
     * @param destination name of the queue, topic or table
     */
    public static Tracing of(OpenTelemetry openTelemetry, String system, String destination) {
        return new Tracing(new Spans(openTelemetry, system, destination));
    }

    /**
     * The handler, each run in a span that continues the message's trace. What the handler sends meanwhile continues it further. A failure is in
     * the span's status and events. Around {@link Handler#batching} there is a span for each message of a batch.
     */
    public Handler handler(Handler handler) {
        return handler.around(new TracingInterceptor(spans, failedRuns));
    }

    /** The handler, each batch in a span that is linked to the traces of its messages. It begins a trace of its own, since it has many parents. */
    public BatchHandler batchHandler(BatchHandler handler) {
        return new TracedBatchHandler(handler, spans);
    }

    /**
     * A span for each retry and each dead letter, in the trace of the message: it says when the message comes back or why it was given up, and whether
     * the source has accepted that. For a worker whose handler is {@link #handler}.
     */
    public WorkerListener listener() {
        return new SettlementSpans(spans, failedRuns);
    }

    /**
     * Sends a message in a span of its own.
     *
     * @param sending gets the headers that the message must carry, and sends it
     * @return what it returned
     */
    public <T, X extends Exception> T send(Sending<T, X> sending) throws X {
        return spans.send(1, sending::send);
    }

    /** Sends one message, with any client. */
    @FunctionalInterface
    public interface Sending<T, X extends Exception> {

        /** Adds the headers to the message and sends it. */
        T send(Map<String, String> headers) throws X;
    }
}
