package dev.claimant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears everything that happens in a worker; metrics and logs are listeners. Every method does nothing unless overridden.
 *
 * <p>Events come one at a time and in the order in which they happened, on a thread of the worker's own. A slow listener holds up other
 * events, and the claiming of more messages once 10,000 events wait; nothing else. One that throws is logged and otherwise ignored.
 */
public interface WorkerListener {

    /** A message was claimed. */
    default void claimed(Claim claim) {}

    /** The handler is about to run. */
    default void started(Claim claim) {}

    /** The handler has returned, or thrown {@code failure}. */
    default void finished(Claim claim, Duration took, @Nullable Throwable failure) {}

    /** The handler has said that this message's work was {@link AlreadyDone}; {@link #finished} follows, without a failure. */
    default void duplicate(Claim claim) {}

    /** The claim waits in this worker, without a slot, and is tried again or settled after the delay. */
    default void parked(Claim claim, Duration delay) {}

    /**
     * The claim has ended. {@link Verdict#UNKNOWN} is final here: the lock ran out before the source answered, so that the message may
     * come back.
     */
    default void settled(Settlement settlement, Verdict verdict) {}

    /** Ownership is gone: the handler, if it runs, is interrupted and its result dropped. */
    default void lockLost(Claim claim) {}

    /** The handler has run longer than it may; its thread is interrupted. */
    default void timedOut(Claim claim) {}

    /** Locks were renewed in one call. */
    default void renewed(int applied, int lost, int unknown, Duration took) {}

    /** The source could not be reached or failed; the worker backs off and tries again. */
    default void sourceFailed(String operation, Exception problem) {}

    /**
     * A defect has ended one of the worker's threads, or the worker cannot be started: it is not alive any more, claims nothing, drains and
     * stops. Only a new process helps.
     */
    default void defect(Throwable defect) {}

    /** The worker has moved on to the state. */
    default void stateChanged(Worker.State state) {}
}
