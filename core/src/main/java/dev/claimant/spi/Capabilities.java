package dev.claimant.spi;

import java.time.Duration;

/**
 * What a source can do, as data. The worker refuses at start-up what the source cannot honour and makes up for the rest.
 *
 * @param claimers on how many threads {@link Source#claim} may usefully run at once; at least 1
 * @param lock whether a lock ends by the clock or with the connection
 * @param lockLength how long a claim or a renewal holds; for {@link Lock#CONNECTION} how often ownership is checked, times three
 * @param retryDelay whether the source itself keeps a message away for a delay
 * @param releaseCounted whether a release burns an attempt all the same
 * @param crashesCounted whether a try whose worker died counts as an attempt
 * @param settlementConfirmed whether {@link Verdict#APPLIED} means that the source has answered, not only that the request was sent
 * @param ordering how far the source keeps order per ordering key
 * @param fencing whether claims carry a fencing number
 * @param reservation whether a failed message can be kept for its owner
 * @param deadLetters whether a dead-lettered message is kept; without, the worker refuses to start unless attempts are unlimited
 */
public record Capabilities(
        int claimers,
        Lock lock,
        Duration lockLength,
        RetryDelay retryDelay,
        boolean releaseCounted,
        boolean crashesCounted,
        boolean settlementConfirmed,
        Ordering ordering,
        boolean fencing,
        boolean reservation,
        boolean deadLetters) {

    /**
     * A source that can do the least: one claimer, locks by the clock, retries without a delay, releases that burn an attempt, crashes that do
     * not, confirmed settlements, and neither order nor fencing, reservation or dead letters. A backend adds what it has.
     */
    public static Capabilities least(Duration lockLength) {
        return new Capabilities(
                1, Lock.TIMED, lockLength, RetryDelay.HELD, true, false, true, Ordering.NONE, false, false, false);
    }

    /** The same, with another number of claimers. */
    public Capabilities claimers(int claimers) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with another kind of lock. */
    public Capabilities lock(Lock lock) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with another length of its locks. */
    public Capabilities lockLength(Duration lockLength) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with another keeper of retry delays. */
    public Capabilities retryDelay(RetryDelay retryDelay) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with releases that burn an attempt, or not. */
    public Capabilities releaseCounted(boolean releaseCounted) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with crashes that burn an attempt, or not. */
    public Capabilities crashesCounted(boolean crashesCounted) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with settlements confirmed, or not. */
    public Capabilities settlementConfirmed(boolean settlementConfirmed) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with another reach of its order. */
    public Capabilities ordering(Ordering ordering) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with fencing numbers, or without. */
    public Capabilities fencing(boolean fencing) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with reservations, or without. */
    public Capabilities reservation(boolean reservation) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** The same, with dead letters kept, or not. */
    public Capabilities deadLetters(boolean deadLetters) {
        return new Capabilities(
                claimers,
                lock,
                lockLength,
                retryDelay,
                releaseCounted,
                crashesCounted,
                settlementConfirmed,
                ordering,
                fencing,
                reservation,
                deadLetters);
    }

    /** What ends a lock. */
    public enum Lock {
        /** The clock, unless renewed. */
        TIMED,
        /** The end of the connection, channel or assignment; a renewal only checks. */
        CONNECTION
    }

    /** Who waits out a retry delay. */
    public enum RetryDelay {
        /** The source. */
        NATIVE,
        /** The worker: it holds the claim, renewed and without a slot, and then settles a retry with no delay. */
        HELD
    }

    /** How far order per ordering key is kept. */
    public enum Ordering {
        /** Not at all. */
        NONE,
        /** Messages of one key reach one worker in order; it must run them one at a time. */
        PER_WORKER,
        /** No message of a key is handed out, to any worker, while an earlier one is unsettled, delayed or reserved. */
        ACROSS_WORKERS
    }
}
