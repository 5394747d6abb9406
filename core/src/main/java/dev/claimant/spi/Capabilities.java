package dev.claimant.spi;

import dev.claimant.Verdict;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a source can do, as data. The worker refuses at start-up what the source cannot honour and makes up for the rest.
 *
 * @param claimers on how many threads {@link Source#claim} may usefully run at once; at least 1
 * @param claimBatch how many claims one call to {@link Source#claim} brings at most, as far as the source cares; at least 1
 * @param claimLinger how long demand for less than a batch may wait for more of it, counted from a call that brought all that it asked for;
 *     zero for a source whose calls are cheap. Demand never waits once half of the worker's slots are free
 * @param lock whether a lock ends by the clock or with the connection
 * @param lockLength how long a claim or a renewal holds; for {@link Lock#CONNECTION} how often ownership is checked, times three
 * @param retryDelay whether the source itself keeps a message away for a delay
 * @param releaseCounted whether a release burns an attempt all the same
 * @param crashesCounted whether a try whose worker died counts as an attempt
 * @param settlementConfirmed whether {@link Verdict#APPLIED} means that the source has answered, not only that the request was sent
 * @param settlementBatch how many settlements one call to {@link Source#settle} should carry at most; at least 1
 * @param settlementLinger how long a settlement may wait, counted from the last call, for others of its kind that go with it; zero for a
 *     source that gains nothing from batches, or that holds back successors although the worker did not ask for order. Settlements do not wait
 *     where a batch is full, order is kept, nothing else runs, claims wait for their verdicts, or the worker drains
 * @param mostAhead how many messages one worker may claim ahead of its slots where the application does not say it; absent: as many as core likes,
 *     and none where releases are counted. A source that counts releases and names a number here has what waits run in a drain
 * @param ordering how far the source keeps order per ordering key
 * @param fencing whether claims carry a fencing number
 * @param reservation whether a failed message can be kept for its owner
 * @param deadLetters whether a dead-lettered message is kept; without, the worker refuses to start unless attempts are unlimited
 */
public record Capabilities(
        int claimers,
        int claimBatch,
        Duration claimLinger,
        Lock lock,
        Duration lockLength,
        RetryDelay retryDelay,
        boolean releaseCounted,
        boolean crashesCounted,
        boolean settlementConfirmed,
        int settlementBatch,
        Duration settlementLinger,
        @Nullable Integer mostAhead,
        Ordering ordering,
        boolean fencing,
        boolean reservation,
        boolean deadLetters) {

    /**
     * Begins with a source that can do the least: one claimer, locks by the clock, retries without a delay, releases that burn an attempt,
     * crashes that do not, confirmed settlements, and neither order nor fencing, reservation or dead letters. A backend adds what it has.
     */
    public static Builder builder(Duration lockLength) {
        return new Builder(lockLength);
    }

    /** The same capabilities with some of them changed. */
    public Capabilities with(UnaryOperator<Builder> change) {
        return change.apply(new Builder(this)).build();
    }

    /** Collects what a source can do. Not thread-safe. */
    public static final class Builder {

        private int claimers = 1;
        private int claimBatch = Integer.MAX_VALUE;
        private Duration claimLinger = Duration.ZERO;
        private Lock lock = Lock.TIMED;
        private Duration lockLength;
        private RetryDelay retryDelay = RetryDelay.HELD;
        private boolean releaseCounted = true;
        private boolean crashesCounted = false;
        private boolean settlementConfirmed = true;
        private int settlementBatch = 500;
        private Duration settlementLinger = Duration.ofMillis(1);
        private @Nullable Integer mostAhead;
        private Ordering ordering = Ordering.NONE;
        private boolean fencing = false;
        private boolean reservation = false;
        private boolean deadLetters = false;

        private Builder(Duration lockLength) {
            this.lockLength = lockLength;
        }

        private Builder(Capabilities from) {
            claimers = from.claimers;
            claimBatch = from.claimBatch;
            claimLinger = from.claimLinger;
            lock = from.lock;
            lockLength = from.lockLength;
            retryDelay = from.retryDelay;
            releaseCounted = from.releaseCounted;
            crashesCounted = from.crashesCounted;
            settlementConfirmed = from.settlementConfirmed;
            settlementBatch = from.settlementBatch;
            settlementLinger = from.settlementLinger;
            mostAhead = from.mostAhead;
            ordering = from.ordering;
            fencing = from.fencing;
            reservation = from.reservation;
            deadLetters = from.deadLetters;
        }

        /** How many threads may claim at once. */
        public Builder claimers(int claimers) {
            this.claimers = claimers;
            return this;
        }

        /** How many claims one call brings at most. */
        public Builder claimBatch(int claimBatch) {
            this.claimBatch = claimBatch;
            return this;
        }

        /** How long demand for less than a batch may wait for more. */
        public Builder claimLinger(Duration claimLinger) {
            this.claimLinger = claimLinger;
            return this;
        }

        /** What ends a lock. */
        public Builder lock(Lock lock) {
            this.lock = lock;
            return this;
        }

        /** How long a lock holds. */
        public Builder lockLength(Duration lockLength) {
            this.lockLength = lockLength;
            return this;
        }

        /** Who waits out a retry delay. */
        public Builder retryDelay(RetryDelay retryDelay) {
            this.retryDelay = retryDelay;
            return this;
        }

        /** Whether a release burns an attempt. */
        public Builder releaseCounted(boolean releaseCounted) {
            this.releaseCounted = releaseCounted;
            return this;
        }

        /** Whether a crash burns an attempt. */
        public Builder crashesCounted(boolean crashesCounted) {
            this.crashesCounted = crashesCounted;
            return this;
        }

        /** Whether settlements are confirmed. */
        public Builder settlementConfirmed(boolean settlementConfirmed) {
            this.settlementConfirmed = settlementConfirmed;
            return this;
        }

        /** How many settlements one call should carry at most. */
        public Builder settlementBatch(int settlementBatch) {
            this.settlementBatch = settlementBatch;
            return this;
        }

        /** How long a settlement may wait for others. */
        public Builder settlementLinger(Duration settlementLinger) {
            this.settlementLinger = settlementLinger;
            return this;
        }

        /** How many messages one worker may claim ahead of its slots where the application does not say it. */
        public Builder mostAhead(int mostAhead) {
            this.mostAhead = mostAhead;
            return this;
        }

        /** How far order is kept. */
        public Builder ordering(Ordering ordering) {
            this.ordering = ordering;
            return this;
        }

        /** Whether claims carry a fencing number. */
        public Builder fencing(boolean fencing) {
            this.fencing = fencing;
            return this;
        }

        /** Whether a failed message can be kept for its owner. */
        public Builder reservation(boolean reservation) {
            this.reservation = reservation;
            return this;
        }

        /** Whether dead letters are kept. */
        public Builder deadLetters(boolean deadLetters) {
            this.deadLetters = deadLetters;
            return this;
        }

        /** The capabilities. */
        public Capabilities build() {
            return new Capabilities(
                    claimers,
                    claimBatch,
                    claimLinger,
                    lock,
                    lockLength,
                    retryDelay,
                    releaseCounted,
                    crashesCounted,
                    settlementConfirmed,
                    settlementBatch,
                    settlementLinger,
                    mostAhead,
                    ordering,
                    fencing,
                    reservation,
                    deadLetters);
        }
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
