package dev.claimant.benchmarks.sqs;

import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;

/** The same worker with messages prefetched: as many again as it has slots, and never fewer than the loops that it is compared with hold. */
public final class TunedProgram extends ClaimantProgram {

    private static final int HELD_BY_THE_LOOPS = 40;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker.prefetch(Math.max(HELD_BY_THE_LOOPS, duty.slots()));
    }
}
