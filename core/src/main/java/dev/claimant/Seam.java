package dev.claimant;

import dev.claimant.spi.Settlement;
import dev.claimant.spi.Source;
import dev.claimant.spi.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the source and takes nothing on trust: an exception or an answer of the wrong size is no answer. Has no state. */
final class Seam {

    private final Source source;
    private final Listeners listeners;

    Seam(Source source, Listeners listeners) {
        this.source = source;
        this.listeners = listeners;
    }

    /** The claims, or nothing at all if the source failed. */
    @Nullable List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        try {
            return source.claim(demand, wait);
        } catch (RuntimeException e) {
            failed("claim", e);
            return null;
        }
    }

    List<Verdict> renew(List<Claim> claims, Duration within) {
        return verdicts("renew locks", claims.size(), () -> source.renew(claims, within));
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return verdicts("settle", settlements.size(), () -> source.settle(settlements, within));
    }

    void stopClaiming() {
        try {
            source.stopClaiming();
        } catch (RuntimeException e) {
            failed("stop claiming", e);
        }
    }

    private List<Verdict> verdicts(String operation, int expected, Supplier<List<Verdict>> call) {
        try {
            List<Verdict> verdicts = call.get();
            if (verdicts.size() == expected) {
                return verdicts;
            }
            failed(operation, new IllegalStateException(
                    "the source gave " + verdicts.size() + " verdicts for " + expected + " claims"));
        } catch (RuntimeException e) {
            failed(operation, e);
        }
        return Collections.nCopies(expected, Verdict.UNKNOWN);
    }

    private void failed(String operation, Exception problem) {
        listeners.tell(listener -> listener.sourceFailed(operation, problem));
    }
}
