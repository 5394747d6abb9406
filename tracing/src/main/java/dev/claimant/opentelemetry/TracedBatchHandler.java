package dev.claimant.opentelemetry;

import dev.claimant.Batch;
import dev.claimant.BatchHandler;
import dev.claimant.Claim;
import dev.claimant.RunResult;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** One span for each batch. */
final class TracedBatchHandler implements BatchHandler {

    private final BatchHandler handler;
    private final Spans spans;

    TracedBatchHandler(BatchHandler handler, Spans spans) {
        this.handler = handler;
        this.spans = spans;
    }

    @Override
    public void handle(Batch batch) throws Exception {
        SpanBuilder builder = Spans.ofBatch(batch.claims().size(), spans.process(SpanKind.CONSUMER))
                .setNoParent();
        for (Claim claim : batch.claims()) {
            SpanContext sender =
                    Span.fromContext(spans.contextOf(claim.message())).getSpanContext();
            if (sender.isValid()) {
                builder.addLink(sender, about(claim));
            }
        }
        Span span = builder.startSpan();
        try (Scope ignored = Context.root().with(span).makeCurrent()) {
            handler.handle(batch);
            noteFailures(span, batch);
        } catch (Throwable failure) {
            noteFailures(span, batch);
            if (RunResult.of(failure) == RunResult.FAILED) {
                Spans.failed(span, failure);
            }
            throw failure;
        } finally {
            span.end();
        }
    }

    private static void noteFailures(Span span, Batch batch) {
        batch.failures().forEach((claim, failure) -> noteFailure(span, claim, failure));
    }

    private static void noteFailure(Span span, Claim claim, Throwable failure) {
        if (RunResult.of(failure) == RunResult.FAILED) {
            span.recordException(failure, about(claim));
            span.setStatus(StatusCode.ERROR, "some messages of the batch failed");
        }
    }

    private static Attributes about(Claim claim) {
        return Attributes.of(Spans.MESSAGE_ID, claim.id(), Spans.ATTEMPT, (long) claim.attempt());
    }
}
