package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
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

    /** How the claims stand as far as is known here. */
    private final List<Verdict> standing;

    /** Whether {@link #begin} was there before: what was ours then, and ended by this very call, is ours still. */
    private boolean isBegun;

    private final GroupBuffer buffer;
    private final CompletableFuture<List<Verdict>> answer = new CompletableFuture<>();

    Call(List<Item> items, Duration within, GroupBuffer buffer) {
        this.items = items;
        this.deadline = System.nanoTime() + within.toNanos();
        this.buffer = buffer;
        this.standing = new ArrayList<>(Collections.nCopies(items.size(), Verdict.APPLIED));
    }

    /** Answers at once if nothing in it needs the broker: what is lost here is lost for ever, also while no broker answers. */
    boolean isAnsweredHere() {
        return buffer.locked(() -> open().isEmpty());
    }

    /** Returns those of which a commit is to speak; if there are none, it is answered. Needs the lock of the buffer. */
    List<Item> begin() {
        List<Item> open = open();
        isBegun = !open.isEmpty();
        return open;
    }

    /** The commit said so of all that needed it; returns what it said it of. Needs the lock of the buffer. */
    List<Item> finish(Verdict committed) {
        List<Verdict> verdicts = new ArrayList<>(standing);
        List<Item> open = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (isOpen(i)) {
                verdicts.set(i, committed);
                open.add(items.get(i));
            }
        }
        answer(verdicts);
        return open;
    }

    private boolean isOpen(int i) {
        return standing.get(i) == Verdict.APPLIED && !items.get(i).claim().isCommitted();
    }

    /** Looks at the claims; returns those that need the broker. If there are none, it is answered. */
    private List<Item> open() {
        List<Item> open = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (standing.get(i) != Verdict.LOST) {
                standing.set(i, look(items.get(i)));
            }
            if (isOpen(i)) {
                open.add(items.get(i));
            }
        }
        if (open.isEmpty()) {
            answer(List.copyOf(standing));
        }
        return open;
    }

    /** A claim that is ended and whose end the group has not confirmed is ours for a renewal, and for that end asked for again. */
    private Verdict look(Item item) {
        KafkaClaim claim = item.claim();
        boolean isRenewal = item.end() == null && !claim.isCommitted();
        return claim.assignment().standing(claim, isBegun || item.repeated() || isRenewal);
    }

    void answer(List<Verdict> verdicts) {
        answer.complete(verdicts);
    }

    void fail(RuntimeException problem) {
        answer.completeExceptionally(problem);
    }

    /** UNKNOWN when nobody has answered in time, except what is known to be lost; what was asked for may still happen then. */
    List<Verdict> await(String group) {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return finishUnanswered();
        } catch (ExecutionException e) {
            throw KafkaErrors.failed("settle or renew", group, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("settle or renew", group, e);
        }
    }

    private List<Verdict> finishUnanswered() {
        return buffer.locked(() -> {
            open();
            return standing.stream()
                    .map(verdict -> verdict == Verdict.LOST ? Verdict.LOST : Verdict.UNKNOWN)
                    .toList();
        });
    }
}
