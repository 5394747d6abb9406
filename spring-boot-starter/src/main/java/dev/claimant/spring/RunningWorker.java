package dev.claimant.spring;

import dev.claimant.Worker;
import dev.claimant.spi.Source;

/** A worker and the source that it claims from. */
record RunningWorker(String name, Worker worker, Source source) {

    /** Drains, then closes the source. Returns whether nothing was handed back. */
    boolean stop() {
        try (Source closed = source) {
            boolean settled = worker.drain();
            worker.close();
            return settled;
        }
    }
}
