package dev.claimant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps the locks of all held claims, and tells those whose lock is gone to stop. */
final class LockKeeper implements Threads.Loop {

    private final EngineContext context;
    private final HeldClaims held;
    private final ClaimLifecycle lifecycle;
    private final Duration callBound;

    LockKeeper(EngineContext context, HeldClaims held, ClaimLifecycle lifecycle, Duration callBound) {
        this.context = context;
        this.held = held;
        this.lifecycle = lifecycle;
        this.callBound = callBound;
    }

    @Override
    public void loop() throws InterruptedException {
        for (List<Execution> batch = held.await(); !batch.isEmpty(); batch = held.await()) {
            renew(batch);
        }
    }

    /** Renews all of them in one call. */
    void renew(List<Execution> batch) {
        context.locked(ask(batch));
        context.pendingEvents.deliver();
    }

    /** Asks the source to renew all of them in one call. Returns the step that acts on its answer, to be taken under the lock. */
    Runnable ask(List<Execution> batch) {
        long askedAt = context.clock.nanos();
        List<Claim> claims = new ArrayList<>(batch.size());
        for (Execution execution : batch) {
            claims.add(execution.claim);
        }
        List<Verdict> verdicts = context.source.renew(claims, callBound);
        Duration took = Duration.ofNanos(context.clock.nanos() - askedAt);
        return () -> {
            for (int i = 0; i < batch.size(); i++) {
                answered(batch.get(i), verdicts.get(i), askedAt);
            }
            context.pendingEvents.add(listener -> listener.renewed(
                    count(verdicts, Verdict.APPLIED),
                    count(verdicts, Verdict.LOST),
                    count(verdicts, Verdict.UNKNOWN),
                    took));
        };
    }

    private void answered(Execution execution, Verdict verdict, long askedAt) {
        if (execution.is(Execution.Stage.OVER) || execution.endIsOnItsWay()) {
            return; // the verdict on its settlement says what became of it
        }
        if (verdict == Verdict.APPLIED) {
            held.renewed(execution, askedAt);
        } else if (verdict == Verdict.LOST || held.ranOut(execution)) {
            lifecycle.lose(execution);
        } else {
            held.renewSooner();
        }
    }

    /** The source has reported the loss without being asked. */
    void lost(List<Claim> claims) {
        context.locked(() -> {
            for (Claim claim : claims) {
                if (claim.execution == null) {
                    claim.loseLock(); // on its way from the source to us
                } else {
                    lifecycle.lose(claim.execution);
                }
            }
        });
        context.pendingEvents.deliver();
    }

    private static int count(List<Verdict> verdicts, Verdict counted) {
        int count = 0;
        for (Verdict verdict : verdicts) {
            count += verdict == counted ? 1 : 0;
        }
        return count;
    }
}
