package dev.claimant.servicebus;

import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The verdicts of one call, each with its own answer on its way. */
final class PendingVerdicts {

    private final List<CompletableFuture<Verdict>> answers = new ArrayList<>();
    private final Watchdog watchdog;
    private final long askedAt = System.nanoTime();
    private final long deadline;
    private final long half;
    private boolean isHalfOver;

    PendingVerdicts(Watchdog watchdog, Duration within) {
        this.watchdog = watchdog;
        deadline = askedAt + within.toNanos();
        half = askedAt + within.toNanos() / 2;
    }

    void add(CompletableFuture<Verdict> answer) {
        answers.add(answer);
    }

    void add(Verdict known) {
        answers.add(CompletableFuture.completedFuture(known));
    }

    /**
     * Waits for the answers, in order; those that do not come in time are UNKNOWN.
     *
     * @throws SourceException when the service refuses for a reason that stays
     */
    List<Verdict> await(String operation, ServiceBusConfig.Entity entity) {
        List<Verdict> verdicts = new ArrayList<>(answers.size());
        for (CompletableFuture<Verdict> answer : answers) {
            verdicts.add(await(answer, operation, entity));
        }
        if (isHalfOver && verdicts.contains(Verdict.UNKNOWN)) {
            watchdog.unanswered(askedAt);
        }
        return verdicts;
    }

    private Verdict await(CompletableFuture<Verdict> answer, String operation, ServiceBusConfig.Entity entity) {
        try {
            if (!isHalfOver && !isDoneBy(half, answer)) {
                isHalfOver = true;
                watchdog.halfTime(askedAt);
            }
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (ServiceBusErrors.isRefusal(e)) {
                throw ServiceBusErrors.failed(operation, entity, e);
            }
        } catch (TimeoutException e) {
            answer.cancel(true); // the service may have done it all the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Verdict.UNKNOWN;
    }

    private static boolean isDoneBy(long moment, CompletableFuture<Verdict> answer)
            throws InterruptedException, ExecutionException {
        try {
            answer.get(Math.max(0, moment - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
