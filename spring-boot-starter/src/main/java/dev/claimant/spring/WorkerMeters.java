package dev.claimant.spring;

import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.spi.Source;

/** Meters of workers, where the application has a registry. */
@FunctionalInterface
interface WorkerMeters {

    /** Goes on with the worker once it is built. */
    @FunctionalInterface
    interface Watch {
        void begin(Worker worker, Source source);
    }

    /** Adds listeners to a worker that is about to be built. */
    Watch add(String worker, WorkerBuilder builder);
}
