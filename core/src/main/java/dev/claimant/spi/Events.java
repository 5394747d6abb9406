package dev.claimant.spi;

import dev.claimant.Claim;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a source reports to the worker without being asked. Called on any of the source's threads; thread-safe. */
public interface Events {

    /** This worker no longer owns these claims: their handlers are interrupted and their results dropped. Returns at once. */
    void lost(List<Claim> claims);

    /**
     * This worker will soon lose these claims (a partition is being revoked, a consumer timeout is near). Blocks until all of them are
     * settled or the bound has passed; settlements that arrive meanwhile are served on the calling thread. What is left when the
     * bound has passed is treated as {@link #lost}. Never to be called on a thread that the source's own settlements wait for.
     */
    void endangered(List<Claim> claims, Duration finishWithin);

    /** There may be a message to claim: a worker that pauses between claims ends the pause. Returns at once. */
    void wake();

    /**
     * The source claims and settles, but something that it needs is out of order: the worker is not ready until this is called again without a
     * reason. A {@link Source} that never calls it loses nothing. Returns at once.
     *
     * @param why a sentence for an operator; absent once all is well again
     */
    default void impaired(@Nullable String why) {}

    /**
     * The source has been unable to claim for so long, though it has begun anew by itself, that a new process may do better: the worker is not
     * alive until this is called again without a reason. Not for what a new process finds unchanged, such as a queue that is disabled. A {@link
     * Source} that never calls it loses nothing. Returns at once.
     *
     * @param why a sentence for an operator; absent once all is well again
     */
    default void broken(@Nullable String why) {}
}
