package dev.claimant.spring;

import dev.claimant.Batch;
import dev.claimant.BatchHandler;

/** Calls a listener's method for batches. */
final class BatchListener implements BatchHandler {

    private final Invocation invocation;
    private final BatchArguments arguments;

    BatchListener(Invocation invocation, BatchArguments arguments) {
        this.invocation = invocation;
        this.arguments = arguments;
    }

    @Override
    public void handle(Batch batch) throws Exception {
        BatchArguments.Decoded decoded = arguments.read(batch);
        if (!decoded.isEmpty()) {
            invocation.call(arguments.make(batch, decoded));
        }
    }
}
