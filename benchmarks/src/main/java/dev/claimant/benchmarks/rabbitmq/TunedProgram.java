package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;

/** The same worker, holding as many messages as the consumers that it is compared with. */
public final class TunedProgram extends ClaimantProgram {

    private static final int HELD = 250;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker.prefetch(HELD - duty.slots());
    }
}
