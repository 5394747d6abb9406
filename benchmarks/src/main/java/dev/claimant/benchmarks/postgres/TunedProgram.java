package dev.claimant.benchmarks.postgres;

import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;

/** The same worker with the best figure for handlers that do nothing. */
public final class TunedProgram extends ClaimantProgram {

    private static final int PREFETCH = 2_000;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker.prefetch(PREFETCH);
    }
}
