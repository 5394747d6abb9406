package dev.claimant.spring;

import dev.claimant.BatchHandler;
import dev.claimant.Handler;
import java.time.Duration;
import java.util.Objects;

/** Makes a worker's handler of its settings. */
@FunctionalInterface
interface HandlerFactory {

    /** As {@code @ClaimantListener} has them where only one is set, and for beans of type BatchHandler. */
    int BATCH_SIZE = 100;

    Duration BATCH_WAIT = Duration.ofMillis(50);

    /** Adds a problem where the settings do not fit. */
    Handler make(WorkerSpec worker, StartupProblems problems);

    /** A handler of single messages. */
    static HandlerFactory of(Handler handler) {
        return (worker, problems) -> {
            WorkerProperties properties = worker.properties();
            problems.when(
                    properties.batchSize() != null || properties.batchWait() != null,
                    worker.prefix()
                            + ".batch-size, batch-wait: its handler takes single messages; @ClaimantListener with"
                            + " batchSize, or a bean of type BatchHandler, takes batches");
            return handler;
        };
    }

    /** A handler of batches. */
    static HandlerFactory ofBatches(BatchHandler handler) {
        return (worker, problems) -> {
            WorkerProperties properties = worker.properties();
            return Handler.batching(
                    Objects.requireNonNullElse(properties.batchSize(), BATCH_SIZE),
                    Objects.requireNonNullElse(properties.batchWait(), BATCH_WAIT),
                    handler);
        };
    }
}
