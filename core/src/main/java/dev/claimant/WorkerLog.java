package dev.claimant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one log of all parts of a worker. Looked up with the first line, not when the parts are put together: SLF4J takes 11 ms to find its provider,
 * which a source that connects meanwhile hides.
 */
final class WorkerLog {

    static final Logger log = LoggerFactory.getLogger(Worker.class);

    private WorkerLog() {}
}
