package dev.claimant.spi;

import dev.claimant.Claim;
import java.time.Duration;
import java.util.List;

/** What a source tells the worker of its own accord. Called from any of the source's threads; thread-safe. */
public interface Events {

    /** These claims are not ours any more: their handlers are interrupted, their results dropped. Returns at once. */
    void lost(List<Claim> claims);

    /**
     * These claims will soon not be ours (a partition is being revoked, a consumer timeout is near). Blocks until all of them are
     * settled or the bound has passed; settlements that arrive meanwhile are served on the calling thread. What is left when the
     * bound has passed is treated as {@link #lost}. Never to be called on a thread that the source's own settlements wait for.
     */
    void endangered(List<Claim> claims, Duration finishWithin);

    /** Something may be there to claim: a worker that pauses between claims claims again. Returns at once. */
    void wake();
}
