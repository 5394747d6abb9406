package dev.claimant.sqs;

import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The verdicts of one call: some are known at once, for the others the queue is asked. */
final class PendingVerdicts {

    private final Verdict[] verdicts;
    private final List<Integer> open = new ArrayList<>();
    private final long deadline;

    PendingVerdicts(int count, long deadline) {
        verdicts = new Verdict[count];
        Arrays.fill(verdicts, Verdict.UNKNOWN);
        this.deadline = deadline;
    }

    long deadline() {
        return deadline;
    }

    void known(int index, Verdict verdict) {
        verdicts[index] = verdict;
    }

    /** The queue's answer for this one comes next. */
    void open(int index) {
        open.add(index);
    }

    /**
     * Waits for the answers, one for each that is open, in order; those that do not come in time are UNKNOWN.
     *
     * @throws SourceException when the queue refuses for a reason that stays: what else was answered is remembered with the claims
     */
    List<Verdict> verdicts(String action, QueueAddress queue, List<CompletableFuture<Verdict>> answers) {
        for (int i = 0; i < answers.size(); i++) {
            try {
                long left = Math.max(0, deadline - System.nanoTime());
                verdicts[open.get(i)] = answers.get(i).get(left, TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                if (SqsErrors.isRefusal(e)) {
                    throw SqsErrors.failed(action, queue, e);
                }
            } catch (TimeoutException e) {
                // UNKNOWN
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return List.of(verdicts);
    }
}
