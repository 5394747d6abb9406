package dev.claimant;

import java.util.HashMap;
import java.util.Map;

/**
 * Claims in slots whose handlers wait for others to join their batch. When nothing is claimed any more and none of this worker's claims can
 * join, they are told to wait no longer. Needs the engine's lock, except {@link #joined} and {@link #slots}.
 */
final class GatheringClaims {

    private final EngineContext context;
    private final Slots slots;
    private final Demand demand;

    /** What tells each claim's batch to begin; it takes no lock and runs no code of the application. */
    private final Map<Execution, Runnable> begins = new HashMap<>();

    GatheringClaims(EngineContext context, Slots slots, Demand demand) {
        this.context = context;
        this.slots = slots;
        this.demand = demand;
    }

    /** As many claims as can be in batches at once. */
    int slots() {
        return slots.size();
    }

    /** The claim is in a batch. For the thread of its handler. */
    void joined(Execution execution, Runnable begin) {
        context.handIn(() -> {
            if (execution.is(Execution.Stage.RUNNING)) { // the step that records its return may have overtaken this one
                begins.put(execution, begin);
                beginIfNoneFollow();
            }
        });
    }

    void left(Execution execution) {
        if (!begins.isEmpty()) { // most workers have no batches: each would be given a hash code for nothing
            begins.remove(execution);
        }
    }

    /** A claim that has a slot and is in no batch may still join one, and so may one that can have a slot now. */
    void beginIfNoneFollow() {
        if (!begins.isEmpty()
                && begins.size() == slots.running()
                && !slots.canStart()
                && demand.isClosed()
                && demand.callsUnderWay() == 0) {
            begins.values().forEach(Runnable::run);
        }
    }
}
