package dev.claimant.spring;

import dev.claimant.spi.Source;
import org.jspecify.annotations.Nullable;

/** Makes sources of one kind out of properties. Each worker has one source, and a new one after each stop. */
interface SourceProvider {

    /** Its name among the properties of a worker. */
    String setting();

    /**
     * A source, not yet open, which reports what is wrong with its own settings.
     *
     * @return null where the worker's properties do not describe a source of this kind
     */
    @Nullable Source source(String worker, WorkerProperties properties);

    /** The source of a worker whose properties describe none; null where there can be no such. */
    default @Nullable Source defaultSource(String worker) {
        return null;
    }
}
