package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Execution.StopReason;
import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Release;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a claim from its handler on: running → (parked →) settling → over, and what ends it earlier. Together with {@link WaitingClaims}
 * the only place that moves a claim from one part to another. Needs the engine's lock.
 */
final class ClaimLifecycle {

    private final EngineContext context;
    private final OutcomePolicy outcomes;
    private final HeldClaims held;
    private final Slots slots;
    private final SettleQueue settling;
    private final Deadlines deadlines;
    private final Suspects suspects;
    private final Budgets budgets;
    private final Demand demand;
    private final WaitingClaims waiting;
    private final Drain.Progress drain;
    private final GatheringClaims gathering;
    private final @Nullable OrderingLanes lanes;

    ClaimLifecycle(
            EngineContext context,
            OutcomePolicy outcomes,
            HeldClaims held,
            Slots slots,
            SettleQueue settling,
            Deadlines deadlines,
            Suspects suspects,
            Budgets budgets,
            Demand demand,
            WaitingClaims waiting,
            Drain.Progress drain,
            GatheringClaims gathering,
            @Nullable OrderingLanes lanes) {
        this.context = context;
        this.outcomes = outcomes;
        this.held = held;
        this.slots = slots;
        this.settling = settling;
        this.deadlines = deadlines;
        this.suspects = suspects;
        this.budgets = budgets;
        this.demand = demand;
        this.waiting = waiting;
        this.drain = drain;
        this.gathering = gathering;
        this.lanes = lanes;
    }

    /** The handler has returned and left its slot. */
    void returned(Execution execution, @Nullable Throwable failure) {
        boolean dropped = drain.gaveUp; // no result counts any more
        leaveSlot(execution, dropped ? null : outcomes.of(execution.claim, execution.stopReason, failure));
    }

    /**
     * The claim has a slot, and its lock was renewed because it might have been over. Returns whether the handler may begin: if not, the
     * claim goes back without a run, unless it is lost already.
     */
    boolean beginAfterRenewal(Execution execution) {
        long now = context.clock.nanos();
        if (held.lastsLongEnough(execution.claim, now) && !execution.claim.lockLost()) {
            execution.startedAt = now; // its time-out does not count how long the source took to answer
            waiting.begin(execution);
            return true;
        }
        boolean dropped = drain.gaveUp || execution.claim.lockLost();
        leaveSlot(execution, dropped ? null : Outcome.settle(new Release(execution.claim)));
        return false;
    }

    private void leaveSlot(Execution execution, @Nullable Outcome outcome) {
        execution.thread = null;
        slots.freed(execution);
        gathering.left(execution);
        suspects.leave(execution);
        deadlines.returned(execution);
        if (execution.stopReason == StopReason.DRAINED) {
            drain.handedBack++;
        }
        if (outcome == null) {
            execution.stage = Stage.OVER;
        } else if (outcome.pause() == null) {
            settling.add(execution, outcome.settlement());
        } else {
            park(execution, outcome.after(execution.outcome), outcome.pause());
        }
        waiting.handBackSurplus();
        suspects.runNext();
        demand.roomMayHaveGrown();
        tellWhoWaits();
    }

    private void park(Execution execution, Outcome outcome, Duration pause) {
        if (drain.draining || execution.endangered) {
            giveBack(execution, outcome.settlement());
        } else {
            execution.outcome = outcome;
            deadlines.park(execution, pause);
            context.pendingEvents.add(listener -> listener.parked(execution.claim, pause));
            makeRoomForParked();
        }
    }

    /** Beyond the bound, the failed message that would be due first goes on now: a flood of failures leaves the slots to others. */
    private void makeRoomForParked() {
        Execution first = budgets.tooManyParked() ? deadlines.pollFirstFailed() : null;
        if (first != null) {
            resume(first);
        }
    }

    /** A parked claim is due. */
    void resume(Execution parked) {
        boolean runsAgain = parked.outcome != null && parked.outcome.then() != Outcome.Then.SETTLE;
        if (!runsAgain) {
            settling.add(parked, parked.end());
            return;
        }
        parked.stage = Stage.WAITING;
        parked.stopReason = null;
        parked.claim.runAgain(!parked.isUntried());
        slots.addWaiting();
        if (outcomes.mustRunAlone(parked.claim)) {
            waiting.runAlone(parked);
            suspects.runNext();
        } else {
            slots.ready(parked, true);
        }
    }

    /** The handler has run longer than it may. */
    void timeOut(Execution running) {
        stop(running, StopReason.TIMED_OUT);
        context.pendingEvents.add(listener -> listener.timedOut(running.claim));
    }

    void stop(Execution running, StopReason why) {
        running.stop(why, context.clock.nanos());
        slots.requests.interrupt(running);
    }

    /** A claim that does not run goes back now: untried, or as the failure whose delay it waits out. */
    void handBack(Execution execution) {
        if (execution.is(Stage.WAITING)) {
            waiting.withdraw(execution);
        } else if (execution.is(Stage.PARKED)) {
            deadlines.unpark(execution);
            giveBack(execution, execution.end());
        }
    }

    private void giveBack(Execution execution, Settlement end) {
        drain.handedBack += drain.draining && end instanceof Release ? 1 : 0;
        settling.add(execution, end);
    }

    /** Ownership is gone, whatever the claim's stage is. */
    void lose(Execution execution) {
        if (drain.gaveUp || execution.is(Stage.OVER) || execution.claim.lockLost()) {
            return;
        }
        execution.claim.loseLock();
        context.pendingEvents.add(listener -> listener.lockLost(execution.claim));
        if (execution.is(Stage.WAITING)) {
            waiting.leaveQueue(execution);
        } else if (execution.is(Stage.PARKED)) {
            deadlines.unpark(execution);
        } else if (execution.is(Stage.SETTLING)) {
            settling.recordEnded();
        } else {
            stop(execution, StopReason.LOCK_LOST);
        }
        forget(execution, false);
        haveEnded();
    }

    /** The verdict on a settlement has come: the claim is over, or its settlement is sent again. After the last of a call comes {@link #haveEnded}. */
    void answered(Execution execution, Verdict verdict) {
        execution.inFlight = false;
        if (!execution.is(Stage.SETTLING)) {
            return; // lost, or given up, while the call was under way
        }
        if (verdict == Verdict.UNKNOWN && !drain.gaveUp && !held.ranOut(execution)) {
            settling.repeat(execution);
            return;
        }
        settling.recordEnded();
        Settlement end = execution.end();
        boolean letsSuccessorsGo = end.kind() == Kind.COMPLETE || end.kind() == Kind.DEAD_LETTER;
        context.pendingEvents.add(listener -> listener.settled(end, verdict));
        forget(execution, verdict == Verdict.APPLIED && letsSuccessorsGo);
    }

    /** The drain is over, and the claim is not. */
    void giveUp(Execution execution) {
        if (execution.is(Stage.SETTLING)) {
            settling.recordEnded();
            context.pendingEvents.add(listener -> listener.settled(execution.end(), Verdict.UNKNOWN));
        }
        forget(execution, false);
        haveEnded();
    }

    /** No longer held; a running handler keeps its slot until it returns. */
    private void forget(Execution execution, boolean letsSuccessorsGo) {
        held.remove(execution);
        if (!execution.is(Stage.RUNNING)) {
            execution.stage = Stage.OVER;
        }
        if (lanes != null) {
            OrderingLanes.Leaving leaving = lanes.leave(execution, letsSuccessorsGo);
            leaving.mustLeaveToo().forEach(waiting::withdraw);
            if (leaving.next() != null) {
                waiting.makeReady(leaving.next());
            }
        }
    }

    /** Some claims are no longer held: others may have waited for that. */
    void haveEnded() {
        suspects.runNext();
        demand.roomMayHaveGrown();
        tellWhoWaits();
    }

    void tellWhoWaits() {
        gathering.beginIfNoneFollow();
        context.progress.signalAll();
    }

    /** The drain is over: no handler's result counts any more. */
    boolean hasGivenUp() {
        return drain.gaveUp;
    }
}
