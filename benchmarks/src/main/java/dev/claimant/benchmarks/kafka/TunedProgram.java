package dev.claimant.benchmarks.kafka;

import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;

/** The same worker with as many messages prefetched as the loop that it is compared with gets in a poll. */
public final class TunedProgram extends ClaimantProgram {

    private static final int PREFETCH = 500;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker.prefetch(PREFETCH);
    }
}
