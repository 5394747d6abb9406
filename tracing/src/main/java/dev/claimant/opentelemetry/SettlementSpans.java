package dev.claimant.opentelemetry;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** One span for each retry and each dead letter. */
final class SettlementSpans implements WorkerListener {

    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey("claimant.verdict");
    private static final AttributeKey<Long> DELAY = AttributeKey.longKey("claimant.retry.delay_ms");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("claimant.dead_letter.reason");

    private final Spans spans;
    private final FailedRuns failedRuns;

    SettlementSpans(Spans spans, FailedRuns failedRuns) {
        this.spans = spans;
        this.failedRuns = failedRuns;
        failedRuns.want();
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        if (settlement instanceof Retry retry) {
            Span span = begin("retry", retry.claim(), verdict);
            span.setAttribute(DELAY, retry.delay().toMillis()).end();
        } else if (settlement instanceof DeadLetter dead) {
            Span span = begin("dead-letter", dead.claim(), verdict);
            span.setAttribute(REASON, dead.reason())
                    .setStatus(StatusCode.ERROR, dead.reason())
                    .end();
        } else {
            failedRuns.forget(settlement.claim());
        }
    }

    private Span begin(String operation, Claim claim, Verdict verdict) {
        Span span = spans.settle(operation, claim)
                .setParent(failedRuns.take(claim, spans.contextOf(claim.message())))
                .setAttribute(VERDICT, verdict.name())
                .startSpan();
        return verdict == Verdict.APPLIED
                ? span
                : span.setStatus(StatusCode.ERROR, "the source has not accepted it: " + verdict);
    }

    @Override
    public void lockLost(Claim claim) {
        failedRuns.forget(claim);
    }

    @Override
    public void stateChanged(Worker.State state) {
        if (state == Worker.State.STOPPED) {
            failedRuns.clear();
        }
    }
}
