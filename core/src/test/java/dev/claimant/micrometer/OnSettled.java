package dev.claimant.micrometer;

import dev.claimant.Gate;
import dev.claimant.WorkerListener;
import dev.claimant.spi.Settlement;
import dev.claimant.spi.Verdict;

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
