package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Something that only the polling thread may do with the client, asked for by another. */
final class Call {

    /**
     * A claim and what is to become of it.
     *
     * @param end absent when it is only asked whether the claim is still ours
     */
    record Item(KafkaClaim claim, @Nullable Settlement end) {

        boolean repeated() {
            return end != null && end.repeated();
        }
    }

    final List<Item> items;
    final long deadline;

    /** How the claims stood when this was first looked at; what was ours then, and ended by this very call, is ours still. */
    @Nullable List<Verdict> standing;

    private final CompletableFuture<List<Verdict>> answer = new CompletableFuture<>();

    Call(List<Item> items, Duration within) {
        this.items = items;
        this.deadline = System.nanoTime() + within.toNanos();
    }

    void answer(List<Verdict> verdicts) {
        answer.complete(verdicts);
    }

    void fail(RuntimeException problem) {
        answer.completeExceptionally(problem);
    }

    /** All UNKNOWN when nobody has answered in time; what was asked for may still happen then. */
    List<Verdict> await(String group) {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Collections.nCopies(items.size(), Verdict.UNKNOWN);
        } catch (ExecutionException e) {
            throw KafkaErrors.failed("settle or renew", group, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("settle or renew", group, e);
        }
    }
}
