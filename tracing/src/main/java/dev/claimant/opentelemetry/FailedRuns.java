package dev.claimant.opentelemetry;

import dev.claimant.Claim;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The spans of handlers that have failed, until the claims' ends are told. Remembers nothing before somebody asks to hear of those. */
final class FailedRuns {

    private final Map<Claim, SpanContext> runs = new ConcurrentHashMap<>();
    private volatile boolean wanted;

    void want() {
        wanted = true;
    }

    void add(Claim claim, SpanContext run) {
        if (wanted) {
            runs.put(claim, run);
            if (claim.lockLost()) { // that was told before, or will be
                runs.remove(claim);
            }
        }
    }

    /** The context with the claim's last run for a parent, or as it was; forgets the run. */
    Context take(Claim claim, Context otherwise) {
        SpanContext run = runs.remove(claim);
        return run == null ? otherwise : otherwise.with(Span.wrap(run));
    }

    void forget(Claim claim) {
        runs.remove(claim);
    }

    void clear() {
        runs.clear();
    }
}
