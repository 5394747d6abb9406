package dev.claimant.servicebus;

import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The verdicts of one call, each with its own answer on its way. */
final class PendingVerdicts {

    private final List<CompletableFuture<Verdict>> answers = new ArrayList<>();
    private final long deadline;

    PendingVerdicts(long deadline) {
        this.deadline = deadline;
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
        return verdicts;
    }

    private Verdict await(CompletableFuture<Verdict> answer, String operation, ServiceBusConfig.Entity entity) {
        try {
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
}
