package dev.claimant.spi;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Where messages come from: the seam that a backend implements. Blocking, in plain JDK types; a push client turns push into pull
 * inside its own module.
 *
 * <p>{@code claim}, {@code renew}, {@code settle}, {@code backlog} and {@code stopClaiming} may run at the same time on different
 * threads. What never crosses the seam: retry policy, back-off, concurrency, renewal timing, drain, metrics, logs, deserialisation,
 * threads, SDK types. Core does these once, for all sources.
 */
public interface Source extends AutoCloseable {

    /**
     * Connects and checks, with I/O, everything that can be checked before the first claim. Called once, first: a source serves one worker.
     *
     * @throws ConfigurationException with every problem found, each naming its setting; if the source is open already, or was closed
     * @throws SourceException if the source cannot be reached; it may be called again then
     */
    Capabilities open(Plan plan, Events events);

    /**
     * Takes up to {@code demand} messages, each with a lock that starts now. Returns as soon as there is at least one, with an empty
     * list when there is none within {@code wait} or after {@link #stopClaiming}.
     *
     * <p>The demand is all that the worker wants from this call. Messages that the source has already taken from its broker and has not yet
     * returned are part of it: a source does not keep more of those than the last demand says. It may keep them for a moment, since a busy
     * worker's demand falls while results wait for their verdicts. Core claims again within a quarter of the lock length, or calls
     * {@link #stopClaiming}.
     *
     * <p>A source that keeps order hands out the messages of one ordering key in order, and none of them while an earlier one is delayed,
     * reserved or held by another worker. Earlier ones may be held by this worker: it runs them one at a time. A message that was retried,
     * released or lost is handed out again before any later one of its key that this worker has given back.
     *
     * <p>A call may fail because its messages do not fit the heap together. After a failure core asks for half as many, down to one, and for
     * more again when that works. The source counts the messages that such a call had claimed as if their worker had died, so that no message
     * fails for ever. A message that does not fit alone, or that has more attempts than {@link Plan#maxCounted}, needs no body: the source
     * returns it without one, and {@link Claim#unusable} says why. Core dead-letters it with that reason and claims the messages behind it.
     *
     * @param demand at least 1
     * @param wait how long to wait for a first message; zero asks once
     * @throws SourceException if the source cannot be reached; core backs off and claims again
     * @throws InterruptedException if the thread is interrupted; messages that the broker still delivers then go back at once
     */
    List<Claim> claim(int demand, Duration wait) throws InterruptedException;

    /**
     * Extends the locks by the full lock length from now, and thereby checks that they are still held. A source whose locks have no clock only
     * checks. It asks the broker, unless every loss reaches it at once: only then may it rely on what it remembers.
     *
     * <p>A lock that has run out may still be extended if nobody else has claimed the message since. Once the verdict on a claim was
     * {@link Verdict#LOST}, no later renewal or settlement of it is applied.
     *
     * @param within after this long, the verdict on a claim without an answer is {@link Verdict#UNKNOWN}
     * @return one verdict per claim, in order; never throws for a source that cannot be reached
     */
    List<Verdict> renew(List<Claim> claims, Duration within);

    /**
     * Ends the claims. All settlements of one call are of one kind.
     *
     * @param within after this long, the verdict on a settlement without an answer is {@link Verdict#UNKNOWN}
     * @return one verdict per settlement, in order; never throws for a source that cannot be reached
     */
    List<Verdict> settle(List<Settlement> settlements, Duration within);

    /**
     * Claims no more: an ongoing {@link #claim} returns, messages that the source holds and has not returned go back at once, and later claims
     * are empty. Renewals and settlements still work. May be called on any thread and more than once; does not block for long.
     */
    void stopClaiming();

    /**
     * Counts the messages in the source. {@link Backlog#scaler()} equals the number that KEDA's scaler reads with the manifests shipped for
     * this source. May be called before {@link #open}.
     *
     * @throws SourceException if the source cannot be reached
     */
    Backlog backlog();

    /**
     * What this source alone knows of itself, for gauges: how it is read, by the end of a meter's name ({@code partitions.held.back}). Read
     * often and on any thread: asks no broker, and works before {@link #open} and after {@link #close}.
     */
    default Map<String, LongSupplier> gauges() {
        return Map.of();
    }

    /** Ends all connections. Claims still held come back when their locks expire, or at once where a lock ends with the connection. */
    @Override
    void close();
}
