package dev.claimant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Several claims that a {@link BatchHandler} works on at once, and the result of each. Thread-safe. */
public final class Batch {

    /** What each claim's handler threw; empty for one that returned. */
    private final Map<Claim, CompletableFuture<Optional<Throwable>>> results;

    private final Runnable afterEachResult;

    Batch(Map<Claim, CompletableFuture<Optional<Throwable>>> results, Runnable afterEachResult) {
        this.results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
        this.afterEachResult = afterEachResult;
    }

    /** For unit tests of batch handlers. */
    public static Batch of(List<Claim> claims) {
        Map<Claim, CompletableFuture<Optional<Throwable>>> results = new LinkedHashMap<>();
        claims.forEach(claim -> results.put(claim, new CompletableFuture<>()));
        return new Batch(results, () -> {});
    }

    /** All claims of the batch, at least one, in the order in which they came. */
    public List<Claim> claims() {
        return List.copyOf(results.keySet());
    }

    /**
     * This message is done, whatever becomes of the others: it is completed at once, as if a handler for it alone had returned. The first result of
     * a message stands.
     */
    public void complete(Claim claim) {
        end(claim, Optional.empty());
    }

    /**
     * This message has failed, whatever becomes of the others, as if a handler for it alone had thrown this: it is retried or dead-lettered.
     * The first result of a message stands.
     *
     * @param failure any exception; {@link RetryLater}, {@link PermanentFailure} and {@link AlreadyDone} mean what they mean for a {@link Handler}
     */
    public void fail(Claim claim, Throwable failure) {
        end(claim, Optional.of(failure));
    }

    private void end(Claim claim, Optional<Throwable> failure) {
        if (result(claim).complete(failure)) {
            afterEachResult.run();
        }
    }

    /** What has failed so far, for unit tests and decorators. */
    public Map<Claim, Throwable> failures() {
        Map<Claim, Throwable> failures = new LinkedHashMap<>();
        results.forEach(
                (claim, result) -> result.getNow(Optional.empty()).ifPresent(failure -> failures.put(claim, failure)));
        return failures;
    }

    private CompletableFuture<Optional<Throwable>> result(Claim claim) {
        CompletableFuture<Optional<Throwable>> result = results.get(claim);
        if (result == null) {
            throw new IllegalArgumentException(claim + " is not in this batch");
        }
        return result;
    }

    boolean lacks(Claim claim) {
        return !result(claim).isDone();
    }

    /** The claims without a result. */
    List<Claim> unfinished() {
        List<Claim> unfinished = new ArrayList<>();
        results.forEach((claim, result) -> {
            if (!result.isDone()) {
                unfinished.add(claim);
            }
        });
        return unfinished;
    }
}
