package dev.claimant.benchmarks.servicebus;

import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;

/** The same worker with messages prefetched. */
public final class TunedProgram extends ClaimantProgram {

    static final int AHEAD = 100;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker.prefetch(AHEAD);
    }
}
