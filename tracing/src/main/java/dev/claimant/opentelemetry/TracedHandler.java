package dev.claimant.opentelemetry;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RetryLater;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;

/** One span for each run of a handler. */
final class TracedHandler implements Handler {

    private static final AttributeKey<Boolean> DUPLICATE = AttributeKey.booleanKey("claimant.duplicate");
    private static final AttributeKey<Boolean> UNTRIED = AttributeKey.booleanKey("claimant.untried");

    private final Handler handler;
    private final Spans spans;
    private final FailedRuns failedRuns;

    TracedHandler(Handler handler, Spans spans, FailedRuns failedRuns) {
        this.handler = handler;
        this.spans = spans;
        this.failedRuns = failedRuns;
    }

    @Override
    public int batchSize() {
        return handler.batchSize();
    }

    @Override
    public Duration batchWait() {
        return handler.batchWait();
    }

    @Override
    public void handle(Claim claim) throws Exception {
        Context sender = spans.contextOf(claim.message());
        Span span = Spans.of(claim, spans.process(SpanKind.CONSUMER))
                .setParent(sender)
                .startSpan();
        try (Scope ignored = sender.with(span).makeCurrent()) {
            handler.handle(claim);
            noteStop(claim, span);
        } catch (Throwable thrown) {
            Throwable failure = Handler.unwrapped(thrown);
            if (failure instanceof AlreadyDone) {
                span.setAttribute(DUPLICATE, true);
            } else if (failure instanceof RetryLater later && later.isUntried()) {
                span.setAttribute(UNTRIED, true);
            } else {
                Spans.failed(span, failure);
                noteStop(claim, span);
                failedRuns.add(claim, span.getSpanContext());
            }
            throw thrown;
        } finally {
            span.end();
        }
    }

    /** What the handler returns after that is not believed. */
    private static void noteStop(Claim claim, Span span) {
        if (claim.stopAsked()) {
            String why = claim.lockLost() ? "the lock was lost" : "told to stop";
            span.addEvent(claim.lockLost() ? "claimant.lock_lost" : "claimant.stopped");
            span.setStatus(StatusCode.ERROR, why);
        }
    }
}
