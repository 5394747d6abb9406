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

    /** During a drain, until handlers are told to stop: whether what waits runs. */
    private boolean runsWhatWaits;

    private int handedBack;
    private boolean gaveUp;

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

    /** A claim call is about to begin; returns the moment, for {@link #hold} and {@link #claimEnds}. */
    long claimBegins() {
        return lanes == null ? 0 : lanes.callBegins();
    }

    /** A claim call is over, and all its messages are held. */
    void claimEnds(long begunAt) {
        if (lanes != null) {
            lanes.callEnds(begunAt);
        }
        suspects.runNext();
        context.progress.signalAll();
    }

    /** A claim has arrived, unless its lock was lost on the way. */
    void hold(Execution execution, long askedAt) {
        context.pendingEvents.add(listener -> listener.claimed(execution.claim));
        if (execution.claim.lockLost()) {
            execution.stage = Stage.OVER;
            context.pendingEvents.add(listener -> listener.lockLost(execution.claim));
            return;
        }
        if (gaveUp) { // given up like all that was held when the drain was over
            execution.stage = Stage.OVER;
            context.pendingEvents.add(listener -> listener.settled(new Release(execution.claim), Verdict.UNKNOWN));
            return;
        }
        held.add(execution);
        budgets.claimed(execution.claim.message());
        slots.addWaiting();
        boolean itsTurn = lanes == null || lanes.enter(execution);
        boolean tooLate = lanes != null && lanes.missedABreak(execution, askedAt);
        if ((draining && !runsWhatWaits) || tooLate || suspects.turnOthersAway()) {
            withdraw(execution);
        } else if (itsTurn) {
            makeReady(execution);
        } else {
            slots.fallBehind(execution);
        }
    }

    /** The claim's turn has come. */
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

    /** The handler has returned and left its slot. */
    void returned(Execution execution, @Nullable Throwable failure) {
        boolean dropped = gaveUp; // no result counts any more
        leaveSlot(execution, dropped ? null : outcomes.of(execution.claim, execution.stopReason, failure));
    }

    /**
     * The claim has a slot, and its lock was renewed because it might have been over. Returns whether the handler may begin: if not, the
     * claim goes back without a run, unless it is lost already.
     */
    boolean beginAfterRenewal(Execution execution) {
        if (held.lastsLongEnough(execution.claim) && !execution.claim.lockLost()) {
            execution.startedAt =
                    context.clock.nanos(); // its time-out does not count how long the source took to answer
            begin(execution);
            return true;
        }
        boolean dropped = gaveUp || execution.claim.lockLost();
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

    /** When handlers have become slow, claims that would wait here for long go back for other workers. */
    private void handBackSurplus() {
        int surplus = budgets.surplus();
        if (surplus > 0) {
            List<Execution> newestLast = held.all();
            for (int i = newestLast.size() - 1; i >= 0 && surplus > 0; i--) {
                Execution newest = newestLast.get(i);
                if (newest.is(Stage.WAITING) && !newest.behind && budgets.mayGoBack(newest.claim)) {
                    withdraw(newest);
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

    /** The handler has run longer than it may. */
    void timeOut(Execution running) {
        stop(running, StopReason.TIMED_OUT);
        context.pendingEvents.add(listener -> listener.timedOut(running.claim));
    }

    private void stop(Execution running, StopReason why) {
        running.stop(why, context.clock.nanos());
        slots.requests.interrupt(running);
    }

    /** A claim that does not run goes back now: untried, or as the failure whose delay it waits out. */
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

    /** Ownership is gone, whatever the claim's stage is. */
    void lose(Execution execution) {
        if (gaveUp || execution.is(Stage.OVER) || execution.claim.lockLost()) {
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

    /** The verdict on a settlement has come: the claim is over, or its settlement is sent again. */
    void answered(Execution execution, Verdict verdict) {
        execution.inFlight = false;
        if (!execution.is(Stage.SETTLING)) {
            return; // lost, or given up, while the call was under way
        }
        if (verdict == Verdict.UNKNOWN && !gaveUp && !held.ranOut(execution)) {
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
        settling.gatherNoMore();
        runsWhatWaits = budgets.drainRunsWhatWaits() && !suspects.any();
        for (Execution execution : held.all()) {
            if (!runsWhatWaits || execution.behind || !execution.is(Stage.WAITING)) {
                handBack(execution);
            }
        }
        context.progress.signalAll();
    }

    void stopHandlers() {
        runsWhatWaits = false;
        for (Execution execution : held.all()) {
            if (execution.is(Stage.RUNNING)) {
                stop(execution, StopReason.DRAINED);
            } else if (execution.is(Stage.WAITING)) {
                withdraw(execution);
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

    /** Whether no handler runs or will run: a drain need not wait for handlers any more. */
    boolean handlersAreDone() {
        return slots.running() == 0 && slots.waiting() == 0 && demand.callsUnderWay() == 0;
    }

    /** The drain is over: no handler's result counts any more. */
    boolean hasGivenUp() {
        return gaveUp;
    }

    /** Gives up all claims that are still held; returns how many. */
    int abandon() {
        gaveUp = true;
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
