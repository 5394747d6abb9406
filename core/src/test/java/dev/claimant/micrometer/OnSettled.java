package dev.claimant.micrometer;

import dev.claimant.Gate;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.WorkerListener;

/** Opens a gate a bit at each settlement that is answered. */
class OnSettled implements WorkerListener {

    private final Gate gate;

    OnSettled(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        gate.open();
    }
}
