package dev.claimant;

import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the source and takes nothing on trust: an exception or an answer of the wrong size is no answer. */
final class GuardedSource {

    /** What listeners are told that was tried. */
    static final String CLAIM = "claim";

    private final Source source;
    private final Listeners listeners;
    private volatile boolean reachable = true;

    GuardedSource(Source source, Listeners listeners) {
        this.source = source;
        this.listeners = listeners;
    }

    /** Whether the last claim that was answered at all was not answered with a failure. */
    boolean isReachable() {
        return reachable;
    }

    /** The claims, or nothing at all if the source failed. */
    @Nullable List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        try {
            List<Claim> claims = source.claim(demand, wait);
            reachable = true;
            return claims;
        } catch (RuntimeException e) {
            reachable = false;
            failed(CLAIM, e);
            return null;
        } catch (OutOfMemoryError e) {
            reachable = false;
            failed(CLAIM, new SourceException("a claim of " + demand + " messages does not fit the heap", e));
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
            failed(
                    operation,
                    new IllegalStateException(
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
