package dev.claimant.opentelemetry;

import dev.claimant.Claim;
import dev.claimant.Message;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The spans of one destination, by the conventions for messaging. */
final class Spans {

    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("claimant.attempt");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<Long> BATCH = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String key) {
            return headers == null ? null : headers.get(key);
        }
    };

    /** Sends messages that carry these headers. */
    interface Sending<T, X extends Exception> {
        T send(Map<String, String> headers) throws X;
    }

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final String system;
    private final String destination;

    Spans(OpenTelemetry openTelemetry, String system, String destination) {
        this.tracer = openTelemetry.getTracer("dev.claimant.opentelemetry");
        this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
        this.system = system;
        this.destination = destination;
    }

    /** What the sender has put into the message, and nothing of the thread's: an earlier handler may have left its context there. */
    Context contextOf(Message message) {
        return propagator.extract(Context.root(), message.headers(), HEADERS);
    }

    SpanBuilder process(SpanKind kind) {
        return span("process", "process", kind);
    }

    SpanBuilder settle(String operation, Claim claim) {
        return of(claim, span(operation, "settle", SpanKind.CLIENT));
    }

    static SpanBuilder of(Claim claim, SpanBuilder span) {
        return span.setAttribute(MESSAGE_ID, claim.id()).setAttribute(ATTEMPT, (long) claim.attempt());
    }

    static SpanBuilder ofBatch(int messages, SpanBuilder span) {
        return span.setAttribute(BATCH, (long) messages);
    }

    private SpanBuilder span(String operation, String type, SpanKind kind) {
        return tracer.spanBuilder(operation + " " + destination)
                .setSpanKind(kind)
                .setAttribute(SYSTEM, system)
                .setAttribute(DESTINATION, destination)
                .setAttribute(OPERATION, operation)
                .setAttribute(OPERATION_TYPE, type);
    }

    /** The span of a call that sends messages; they carry its context. */
    <T, X extends Exception> T send(int messages, Sending<T, X> sending) throws X {
        SpanBuilder builder = span("send", "send", SpanKind.PRODUCER);
        Span span = (messages == 1 ? builder : ofBatch(messages, builder)).startSpan();
        Map<String, String> headers = new LinkedHashMap<>();
        try (Scope ignored = span.makeCurrent()) {
            propagator.inject(Context.current(), headers, (all, key, value) -> {
                if (all != null) {
                    all.put(key, value);
                }
            });
            return sending.send(headers);
        } catch (Throwable failure) {
            failed(span, failure);
            throw failure;
        } finally {
            span.end();
        }
    }

    static void failed(Span span, Throwable failure) {
        String message = failure.getMessage();
        span.recordException(failure);
        span.setAttribute(ERROR_TYPE, failure.getClass().getName());
        span.setStatus(StatusCode.ERROR, message == null ? failure.toString() : message);
    }
}
