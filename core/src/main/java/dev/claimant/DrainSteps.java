package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Execution.StopReason;
import java.util.List;

/** What a drain does to all claims of the worker at once. Needs the engine's lock. */
final class DrainSteps {

    private final EngineContext context;
    private final HeldClaims held;
    private final Slots slots;
    private final SettleQueue settling;
    private final Deadlines deadlines;
    private final Suspects suspects;
    private final Budgets budgets;
    private final Demand demand;
    private final WaitingClaims waiting;
    private final ClaimLifecycle lifecycle;
    private final DrainProgress progress;

    DrainSteps(
            EngineContext context,
            HeldClaims held,
            Slots slots,
            SettleQueue settling,
            Deadlines deadlines,
            Suspects suspects,
            Budgets budgets,
            Demand demand,
            WaitingClaims waiting,
            ClaimLifecycle lifecycle,
            DrainProgress progress) {
        this.context = context;
        this.held = held;
        this.slots = slots;
        this.settling = settling;
        this.deadlines = deadlines;
        this.suspects = suspects;
        this.budgets = budgets;
        this.demand = demand;
        this.waiting = waiting;
        this.lifecycle = lifecycle;
        this.progress = progress;
    }

    /** From now on nothing is claimed, and what does not run goes back. */
    void begin() {
        progress.draining = true;
        demand.close();
        settling.gatherNoMore();
        progress.runsWhatWaits = budgets.drainRunsWhatWaits() && !suspects.any();
        for (Execution execution : held.all()) {
            if (!progress.runsWhatWaits || execution.behind || !execution.is(Stage.WAITING)) {
                lifecycle.handBack(execution);
            }
        }
        lifecycle.tellWhoWaits();
    }

    /** Whether no handler runs or will run: the drain need not wait for handlers any more. */
    boolean handlersAreDone() {
        return slots.running() == 0 && slots.waiting() == 0 && demand.callsUnderWay() == 0;
    }

    /** The handlers' time is over. */
    void stopHandlers() {
        progress.runsWhatWaits = false;
        for (Execution execution : held.all()) {
            if (execution.is(Stage.RUNNING)) {
                lifecycle.stop(execution, StopReason.DRAINED);
            } else if (execution.is(Stage.WAITING)) {
                waiting.withdraw(execution);
            }
        }
    }

    /** Nothing is held, running or being claimed. */
    boolean isIdle() {
        return held.size() == 0 && slots.running() == 0 && demand.callsUnderWay() == 0;
    }

    /** How many claims were given back unfinished. */
    int handedBack() {
        return progress.handedBack;
    }

    /** Gives up all claims that are still held; returns how many. */
    int abandon() {
        progress.gaveUp = true;
        List<Execution> left = held.all();
        for (Execution execution : left) {
            if (execution.is(Stage.SETTLING)) {
                settling.recordEnded();
                context.pendingEvents.add(listener -> listener.settled(execution.end(), Verdict.UNKNOWN));
            }
            lifecycle.forget(execution, false);
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
