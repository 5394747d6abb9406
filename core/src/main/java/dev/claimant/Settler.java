package dev.claimant;

import dev.claimant.Execution.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends the decided settlements to the source and acts on its verdicts. One thread per kind of settlement loops here. */
final class Settler {

    /** How long an endangered claim waits before the engine looks at it, or sends its settlement, again. */
    private static final long ENDANGERED_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EngineContext context;
    private final SettleQueue queue;
    private final ClaimLifecycle lifecycle;
    private final Duration callBound;

    Settler(EngineContext context, SettleQueue queue, ClaimLifecycle lifecycle, Duration callBound) {
        this.context = context;
        this.queue = queue;
        this.lifecycle = lifecycle;
        this.callBound = callBound;
    }

    void loop(Settlement.Kind kind) throws InterruptedException {
        for (List<Execution> batch = queue.await(kind); !batch.isEmpty(); batch = queue.await(kind)) {
            settle(batch);
        }
    }

    /** Settles what {@link SettleQueue} has put together for one call. */
    void settle(List<Execution> batch) {
        settle(batch, callBound);
    }

    /** Returns whether some verdict is missing. */
    private boolean settle(List<Execution> batch, Duration within) {
        List<Settlement> settlements = new ArrayList<>(batch.size());
        for (Execution execution : batch) {
            settlements.add(execution.end());
        }
        List<Verdict> verdicts = context.source.settle(settlements, within);
        boolean anyUnknown = verdicts.contains(Verdict.UNKNOWN);
        context.locked(() -> {
            for (int i = 0; i < batch.size(); i++) {
                lifecycle.answered(batch.get(i), verdicts.get(i));
            }
            lifecycle.haveEnded();
            queue.answered(settlements.get(0).kind(), anyUnknown);
        });
        context.pendingEvents.deliver();
        return anyUnknown;
    }

    /**
     * Settles these claims on the calling thread, as their handlers return, until all are over or the time is up. Returns those that are left.
     */
    List<Claim> settleEndangered(List<Claim> claims, Duration finishWithin) {
        long deadline = context.clock.nanos() + finishWithin.toNanos();
        List<Execution> endangered = endanger(claims);
        long notBefore = context.clock.nanos();
        for (List<Execution> batch = awaitEndangered(endangered, notBefore, deadline);
                !batch.isEmpty();
                batch = awaitEndangered(endangered, notBefore, deadline)) {
            boolean anyUnknown = settle(batch, Duration.ofNanos(Math.max(1, deadline - context.clock.nanos())));
            notBefore = context.clock.nanos() + (anyUnknown ? ENDANGERED_POLL_NANOS : 0);
        }
        return endangered.stream().map(execution -> execution.claim).toList();
    }

    /** From now on only the caller settles these; those that do not run are handed back. */
    List<Execution> endanger(List<Claim> claims) {
        List<Execution> endangered = new ArrayList<>();
        context.locked(() -> {
            for (Claim claim : claims) {
                Execution execution = claim.execution;
                if (execution == null) {
                    claim.loseLock(); // on its way from the source to us
                } else {
                    execution.endangered = true;
                    lifecycle.handBack(execution);
                    endangered.add(execution);
                }
            }
        });
        return endangered;
    }

    /** The next of them that can be settled, if any; those that are over leave the list. */
    List<Execution> pollEndangered(List<Execution> endangered) {
        endangered.removeIf(
                execution -> execution.is(Stage.OVER) || execution.claim.lockLost() || lifecycle.hasGivenUp());
        return queue.pollEndangered(endangered);
    }

    /** Blocks until some of them can be settled, but not earlier than {@code notBefore}; empty when all are over or the deadline has passed. */
    private List<Execution> awaitEndangered(List<Execution> endangered, long notBefore, long deadline) {
        context.lock.lock();
        try {
            while (true) {
                long now = context.clock.nanos();
                List<Execution> batch = now - notBefore < 0 ? List.of() : pollEndangered(endangered);
                if (!batch.isEmpty() || endangered.isEmpty() || now - deadline >= 0) {
                    return batch;
                }
                context.progress.awaitNanos(Math.min(deadline - now, ENDANGERED_POLL_NANOS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            context.lock.unlock();
        }
    }
}
