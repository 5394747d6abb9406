package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Execution.StopReason;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Release;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every step that a claim can take: held → waiting → running → (parked →) settling → over. The only place that moves a claim from one
 * part to another. Needs the engine's lock.
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
    private final @Nullable OrderingLanes lanes;

    private boolean draining;
    private int handedBack;
    private boolean stopped;

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
        this.lanes = lanes;
    }

    /** The source is about to be asked; answers the moment, for {@link #hold} and {@link #claimEnds}. */
    long claimBegins() {
        return lanes == null ? 0 : lanes.callBegins();
    }

    /** All that the source had to give is held. */
    void claimEnds(long begunAt) {
        if (lanes != null) {
            lanes.callEnds(begunAt);
        }
        suspects.runNext();
        context.progress.signalAll();
    }

    /** A claim has come in, unless it was lost on the way. */
    void hold(Execution execution, long askedAt) {
        context.pendingEvents.add(listener -> listener.claimed(execution.claim));
        if (execution.claim.lockLost()) {
            execution.stage = Stage.OVER;
            context.pendingEvents.add(listener -> listener.lockLost(execution.claim));
            return;
        }
        if (stopped) { // given up like all that was held when the drain was over
            execution.stage = Stage.OVER;
            context.pendingEvents.add(listener -> listener.settled(new Release(execution.claim), Verdict.UNKNOWN));
            return;
        }
        held.add(execution);
        budgets.claimed(execution.claim.message());
        slots.addWaiting();
        boolean itsTurn = lanes == null || lanes.enter(execution);
        boolean tooLate = lanes != null && lanes.missedABreak(execution, askedAt);
        if (draining || tooLate || suspects.turnOthersAway()) {
            withdraw(execution);
        } else if (itsTurn) {
            makeReady(execution);
        } else {
            slots.fallBehind(execution);
        }
    }

    /** Its turn has come. */
    private void makeReady(Execution execution) {
        slots.turnCame(execution);
        DeadLetter exhausted = outcomes.exhausted(execution.claim);
        if (exhausted != null) {
            leaveQueue(execution);
            settling.add(execution, exhausted);
        } else if (outcomes.mustRunAlone(execution.claim)) {
            runAlone(execution);
        } else {
            suspects.otherCame();
            slots.ready(execution, false);
        }
    }

    private void runAlone(Execution execution) {
        if (suspects.turnOthersAway()) {
            withdraw(execution);
            return;
        }
        suspects.add(execution);
        if (suspects.turnOthersAway()) {
            held.all().stream()
                    .filter(other -> other != execution && other.is(Stage.WAITING))
                    .forEach(this::withdraw);
        }
    }

    private void leaveQueue(Execution waiting) {
        slots.removeWaiting(waiting);
        suspects.leave(waiting);
    }

    /** A waiting claim goes back. */
    private void withdraw(Execution execution) {
        leaveQueue(execution);
        handedBack += draining ? 1 : 0;
        settling.add(execution, new Release(execution.claim));
    }

    /** The next claim that may run, now in a slot, or nothing. It has not begun if its lock may be over: the source is asked first. */
    @Nullable Execution startNext(@Nullable SlotThread thread) {
        Execution next = slots.poll(thread);
        if (next != null && held.lastsLongEnough(next.claim)) {
            begin(next);
        }
        return next;
    }

    void begin(Execution execution) {
        execution.begun = true;
        deadlines.started(execution);
        context.pendingEvents.add(listener -> listener.started(execution.claim));
    }

    /** A thread of a slot has come for work. */
    void serve(SlotThread thread) {
        Execution next = startNext(thread);
        if (next != null) {
            thread.assign(next);
            slots.callNext(thread);
        } else {
            slots.rest(thread);
        }
    }

    /** Its handler is off its slot. */
    void returned(Execution execution, @Nullable Throwable failure) {
        boolean dropped = stopped; // no result counts any more
        leaveSlot(execution, dropped ? null : outcomes.of(execution.claim, execution.stopReason, failure));
    }

    /**
     * It was given a slot, and its lock was renewed because it might have been over. Returns whether it may begin: if not, it goes back
     * without a run, unless it is lost already.
     */
    boolean beginAfterRenewal(Execution execution) {
        if (held.lastsLongEnough(execution.claim) && !execution.claim.lockLost()) {
            begin(execution);
            return true;
        }
        boolean dropped = stopped || execution.claim.lockLost();
        leaveSlot(execution, dropped ? null : Outcome.settle(new Release(execution.claim)));
        return false;
    }

    private void leaveSlot(Execution execution, @Nullable Outcome outcome) {
        execution.thread = null;
        slots.freed(execution);
        suspects.leave(execution);
        deadlines.returned(execution);
        if (execution.stopReason == StopReason.DRAINED) {
            handedBack++;
        }
        if (outcome == null) {
            execution.stage = Stage.OVER;
        } else if (outcome.pause() == null) {
            settling.add(execution, outcome.settlement());
        } else {
            park(execution, outcome.after(execution.outcome), outcome.pause());
        }
        handBackSurplus();
        suspects.runNext();
        demand.roomMayHaveGrown();
        context.progress.signalAll();
    }

    /** Handlers that have become slow let nothing wait here that others could run. */
    private void handBackSurplus() {
        int surplus = budgets.surplus();
        if (surplus > 0) {
            List<Execution> newestLast = held.all();
            for (int i = newestLast.size() - 1; i >= 0 && surplus > 0; i--) {
                if (newestLast.get(i).is(Stage.WAITING) && !newestLast.get(i).behind) {
                    withdraw(newestLast.get(i));
                    surplus--;
                }
            }
        }
    }

    private void park(Execution execution, Outcome outcome, Duration pause) {
        if (draining || execution.endangered) {
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
            runAlone(parked);
            suspects.runNext();
        } else {
            slots.ready(parked, true);
        }
    }

    /** Its handler has run longer than it may. */
    void timeOut(Execution running) {
        stop(running, StopReason.TIMED_OUT);
        context.pendingEvents.add(listener -> listener.timedOut(running.claim));
    }

    private void stop(Execution running, StopReason why) {
        running.stop(why, context.clock.nanos());
        slots.interrupt(running);
    }

    /** What does not run goes back now: untried, or as the failure that it waits out. */
    void handBack(Execution execution) {
        if (execution.is(Stage.WAITING)) {
            withdraw(execution);
        } else if (execution.is(Stage.PARKED)) {
            deadlines.unpark(execution);
            giveBack(execution, execution.end());
        }
    }

    private void giveBack(Execution execution, Settlement end) {
        handedBack += draining && end instanceof Release ? 1 : 0;
        settling.add(execution, end);
    }

    /** Ownership is gone, whatever the claim was at. */
    void lose(Execution execution) {
        if (stopped || execution.is(Stage.OVER) || execution.claim.lockLost()) {
            return;
        }
        execution.claim.loseLock();
        context.pendingEvents.add(listener -> listener.lockLost(execution.claim));
        if (execution.is(Stage.WAITING)) {
            leaveQueue(execution);
        } else if (execution.is(Stage.PARKED)) {
            deadlines.unpark(execution);
        } else if (execution.is(Stage.SETTLING)) {
            settling.recordEnded();
        } else {
            stop(execution, StopReason.LOCK_LOST);
        }
        forget(execution, false);
    }

    /** The source has answered the end of a claim, which ends it here too, or will be asked again. */
    void answered(Execution execution, Verdict verdict) {
        execution.inFlight = false;
        if (!execution.is(Stage.SETTLING)) {
            return; // lost, or given up, while the call was under way
        }
        if (verdict == Verdict.UNKNOWN && !stopped && !held.ranOut(execution)) {
            settling.repeat(execution);
            return;
        }
        settling.recordEnded();
        Settlement end = execution.end();
        boolean letsSuccessorsGo = end.kind() == Kind.COMPLETE || end.kind() == Kind.DEAD_LETTER;
        context.pendingEvents.add(listener -> listener.settled(end, verdict));
        forget(execution, verdict == Verdict.APPLIED && letsSuccessorsGo);
    }

    /** No longer held; a running handler keeps its slot until it returns. */
    private void forget(Execution execution, boolean letsSuccessorsGo) {
        held.remove(execution);
        if (!execution.is(Stage.RUNNING)) {
            execution.stage = Stage.OVER;
        }
        if (lanes != null) {
            OrderingLanes.Leaving leaving = lanes.leave(execution, letsSuccessorsGo);
            leaving.mustLeaveToo().forEach(this::withdraw);
            if (leaving.next() != null) {
                makeReady(leaving.next());
            }
        }
        suspects.runNext();
        demand.roomMayHaveGrown();
        context.progress.signalAll();
    }

    // ---- drain

    void beginDrain() {
        draining = true;
        demand.close();
        settling.stopGathering();
        held.all().forEach(this::handBack);
        context.progress.signalAll();
    }

    void stopHandlers() {
        for (Execution execution : held.all()) {
            if (execution.is(Stage.RUNNING)) {
                stop(execution, StopReason.DRAINED);
            }
        }
    }

    /** How many claims a drain has given back unfinished. */
    int handedBack() {
        return handedBack;
    }

    /** Nothing is held, running or being claimed. */
    boolean isIdle() {
        return held.size() == 0 && slots.running() == 0 && demand.callsUnderWay() == 0;
    }

    /** Whether all that is left is to be settled: a drain needs no more patience with handlers. */
    boolean handlersAreDone() {
        return slots.running() == 0 && slots.waiting() == 0 && demand.callsUnderWay() == 0;
    }

    /** The drain is over: no handler's result counts any more. */
    boolean hasGivenUp() {
        return stopped;
    }

    /** Gives up whatever is still held; answers how much that was. */
    int abandon() {
        stopped = true;
        List<Execution> left = held.all();
        for (Execution execution : left) {
            if (execution.is(Stage.SETTLING)) {
                settling.recordEnded();
                context.pendingEvents.add(listener -> listener.settled(execution.end(), Verdict.UNKNOWN));
            }
            forget(execution, false);
        }
        demand.close();
        slots.close();
        settling.close();
        held.close();
        deadlines.close();
        context.pendingEvents.close();
        context.progress.signalAll();
        return left.size();
    }
}
