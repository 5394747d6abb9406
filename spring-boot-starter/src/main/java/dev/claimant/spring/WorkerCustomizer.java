package dev.claimant.spring;

import dev.claimant.WorkerBuilder;

/** A bean that changes workers before they are built, for what no property can say: retries by type, listeners, thread factories. */
@FunctionalInterface
public interface WorkerCustomizer {

    /** Changes the builder of the worker with this name, after its properties were applied. */
    void customize(String worker, WorkerBuilder builder);
}
