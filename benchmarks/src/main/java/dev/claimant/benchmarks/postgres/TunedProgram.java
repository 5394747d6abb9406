package dev.claimant.benchmarks.postgres;

import dev.claimant.WorkerBuilder;

/** The same worker with the best figure for handlers that do nothing. */
public final class TunedProgram extends ClaimantProgram {

    private static final int PREFETCH = 2_000;

    @Override
    protected WorkerBuilder tune(WorkerBuilder worker) {
        return worker.prefetch(PREFETCH);
    }
}
