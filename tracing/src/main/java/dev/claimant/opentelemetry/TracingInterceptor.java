package dev.claimant.opentelemetry;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RunResult;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** One span for each run of a handler. */
final class TracingInterceptor implements Handler.Interceptor {

    private static final AttributeKey<Boolean> DUPLICATE = AttributeKey.booleanKey("claimant.duplicate");
    private static final AttributeKey<Boolean> UNTRIED = AttributeKey.booleanKey("claimant.untried");

    private final Spans spans;
    private final FailedRuns failedRuns;

    TracingInterceptor(Spans spans, FailedRuns failedRuns) {
        this.spans = spans;
        this.failedRuns = failedRuns;
    }

    @Override
    public void intercept(Claim claim, Handler handler) throws Exception {
        Context sender = spans.contextOf(claim.message());
        Span span = Spans.of(claim, spans.process(SpanKind.CONSUMER))
                .setParent(sender)
                .startSpan();
        Throwable thrown = null;
        try (Scope ignored = sender.with(span).makeCurrent()) {
            handler.handle(claim);
        } catch (Throwable failure) {
            thrown = failure;
            throw failure;
        } finally {
            noteResult(claim, span, thrown);
            span.end();
        }
    }

    private void noteResult(Claim claim, Span span, @Nullable Throwable thrown) {
        switch (RunResult.of(claim, thrown)) {
            case COMPLETED -> {}
            case DUPLICATE -> span.setAttribute(DUPLICATE, true);
            case UNTRIED -> span.setAttribute(UNTRIED, true);
            case FAILED -> noteFailure(claim, span, thrown);
            case STOPPED -> {
                noteFailure(claim, span, thrown);
                noteStop(claim, span);
            }
        }
    }

    private void noteFailure(Claim claim, Span span, @Nullable Throwable thrown) {
        if (thrown != null) {
            Spans.failed(span, Handler.unwrapped(thrown));
            failedRuns.add(claim, span.getSpanContext());
        }
    }

    private static void noteStop(Claim claim, Span span) {
        String why = claim.lockLost() ? "the lock was lost" : "told to stop";
        span.addEvent(claim.lockLost() ? "claimant.lock_lost" : "claimant.stopped");
        span.setStatus(StatusCode.ERROR, why);
    }
}
