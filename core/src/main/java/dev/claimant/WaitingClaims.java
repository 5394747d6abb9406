package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a claim before its handler: held → waiting → running, or back without a run. Needs the engine's lock. */
final class WaitingClaims {

    private final EngineContext context;
    private final OutcomePolicy outcomes;
    private final HeldClaims held;
    private final Slots slots;
    private final SettleQueue settling;
    private final Deadlines deadlines;
    private final Suspects suspects;
    private final Budgets budgets;
    private final Demand demand;
    private final Drain.Progress drain;
    private final GatheringClaims gathering;
    private final @Nullable OrderingLanes lanes;

    WaitingClaims(
            EngineContext context,
            OutcomePolicy outcomes,
            HeldClaims held,
            Slots slots,
            SettleQueue settling,
            Deadlines deadlines,
            Suspects suspects,
            Budgets budgets,
            Demand demand,
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
        this.drain = drain;
        this.gathering = gathering;
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
        gathering.beginIfNoneFollow();
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
        if (drain.gaveUp) { // given up like all that was held when the drain was over
            execution.stage = Stage.OVER;
            context.pendingEvents.add(listener -> listener.settled(new Release(execution.claim), Verdict.UNKNOWN));
            return;
        }
        held.add(execution);
        budgets.claimed(execution.claim.message());
        slots.addWaiting();
        boolean itsTurn = lanes == null || lanes.enter(execution);
        boolean tooLate = lanes != null && lanes.missedABreak(execution, askedAt);
        if ((drain.draining && !drain.runsWhatWaits) || tooLate || suspects.turnOthersAway()) {
            withdraw(execution);
        } else if (itsTurn) {
            makeReady(execution);
        } else {
            slots.fallBehind(execution);
        }
    }

    /** The claim's turn has come. */
    void makeReady(Execution execution) {
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

    /** It may have killed its worker: everything else finishes or goes back first. */
    void runAlone(Execution execution) {
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

    /** A claim waits no longer, and has not run. */
    void leaveQueue(Execution waiting) {
        slots.removeWaiting(waiting);
        suspects.leave(waiting);
    }

    /** A waiting claim goes back. */
    void withdraw(Execution execution) {
        leaveQueue(execution);
        drain.handedBack += drain.draining ? 1 : 0;
        settling.add(execution, new Release(execution.claim));
    }

    /** The next claim that may run, now in a slot, or nothing. It has not begun if its lock may be over: the source is asked first. */
    @Nullable Execution startNext(@Nullable SlotThread thread) {
        Execution next = slots.poll(thread);
        if (next != null && held.lastsLongEnough(next.claim, next.startedAt)) {
            begin(next);
        }
        if (slots.areIdle()) {
            demand.roomMayHaveGrown(); // what was waiting for the free slots has started
        }
        return next;
    }

    /** Its lock holds: the handler may run. */
    void begin(Execution execution) {
        execution.begun = true;
        execution.gathering = gathering;
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

    /** When handlers have become slow, claims that would wait here for long go back for other workers. */
    void handBackSurplus() {
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
}
