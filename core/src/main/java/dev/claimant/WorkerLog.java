package dev.claimant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one log of all parts of a worker. Looked up with the first line, not when the parts are put together: SLF4J takes 11 ms to find its provider,
 * which a source that connects meanwhile hides.
 */
final class WorkerLog {

    static final Logger log = LoggerFactory.getLogger(Worker.class);

    private WorkerLog() {}

    /** Logs the events. What an operator must know is a warning; what happens to a single message is logged for debugging. */
    static final class Listener implements WorkerListener {

        @Override
        public void claimed(Claim claim) {
            log.debug("Claimed {}", claim);
        }

        @Override
        public void finished(Claim claim, Duration took, @Nullable Throwable failure) {
            if (failure != null && RunResult.of(claim, failure) == RunResult.UNTRIED) {
                log.debug("Not tried now, {}: {}", failure.getMessage(), claim);
            } else if (failure != null) {
                log.info("Failed after {} ms: {}", took.toMillis(), claim, failure);
            }
        }

        @Override
        public void duplicate(Claim claim) {
            log.debug("Done before: {}", claim);
        }

        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            String kind = settlement.getClass().getSimpleName();
            if (verdict == Verdict.UNKNOWN) {
                log.warn(
                        "{}: the source did not answer before the lock ran out, it may come back: {}",
                        kind,
                        settlement.claim());
            } else if (verdict == Verdict.LOST) {
                log.warn("{}: dropped, the claim was over: {}", kind, settlement.claim());
            } else if (settlement instanceof Settlement.DeadLetter dead) {
                log.warn("Dead-lettered {}: {}", dead.claim(), dead.reason());
            } else {
                log.debug("{}: {}", kind, settlement.claim());
            }
        }

        @Override
        public void lockLost(Claim claim) {
            log.warn("Lock lost: {}", claim);
        }

        @Override
        public void timedOut(Claim claim) {
            log.warn("The handler has run too long and is interrupted: {}", claim);
        }

        @Override
        public void sourceFailed(String operation, Exception problem) {
            log.warn("Could not {}; trying again: {}", operation, problem.toString());
            log.debug("Could not {}", operation, problem);
        }

        @Override
        public void defect(Throwable defect) {
            log.error("The worker has a defect and stops: it claims no more, drains and lets go of its locks", defect);
        }

        @Override
        public void stateChanged(Worker.State state) {
            log.info("Worker is {}", state);
        }
    }
}
