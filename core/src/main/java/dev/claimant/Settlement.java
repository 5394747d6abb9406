package dev.claimant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a claim ends. Every claim that a source returned gets exactly one settlement, unless its lock is lost first. */
public sealed interface Settlement {

    /** The ways in which a claim can end. */
    enum Kind {
        COMPLETE,
        RETRY,
        RELEASE,
        DEAD_LETTER
    }

    /** The claim that ends. */
    Claim claim();

    /** Which of the four records this is. */
    Kind kind();

    /**
     * Whether an earlier try of this same settlement got the verdict {@link Verdict#UNKNOWN}. A source that finds the message gone
     * while the lock still held returns {@link Verdict#APPLIED} for a repeated settlement: the earlier try did it. Whether the lock still held
     * is judged when the answer has come, not when the request was sent. Where another pod of the same owner may have taken the message over meanwhile,
     * gone proves nothing: the answer is {@link Verdict#LOST}, unless the source remembers which fencing number settled the message.
     */
    boolean repeated();

    /** The same settlement, marked as repeated. */
    Settlement asRepeated();

    /** Done, never again. */
    record Complete(Claim claim, boolean repeated) implements Settlement {
        /** The first try. */
        public Complete(Claim claim) {
            this(claim, false);
        }

        @Override
        public Kind kind() {
            return Kind.COMPLETE;
        }

        @Override
        public Complete asRepeated() {
            return new Complete(claim, true);
        }
    }

    /**
     * Tried and failed: comes back after the delay, and the try counts as an attempt.
     *
     * @param delay zero for a source with {@link dev.claimant.spi.Capabilities.RetryDelay#HELD}: the worker has waited already
     * @param reserved keep it for {@link dev.claimant.spi.Plan#owner()}: due for that owner at once, and for all others when {@link dev.claimant.spi.Plan#reservation()}
     *     has passed; never set where the source has no reservation
     * @param error what went wrong, kept with the history where the source keeps one
     */
    record Retry(Claim claim, Duration delay, boolean reserved, String error, boolean repeated) implements Settlement {
        /** The first try, not reserved. */
        public Retry(Claim claim, Duration delay, String error) {
            this(claim, delay, false, error, false);
        }

        @Override
        public Kind kind() {
            return Kind.RETRY;
        }

        @Override
        public Retry asRepeated() {
            return new Retry(claim, delay, reserved, error, true);
        }
    }

    /** Handed back untried: comes back at once, and burns no attempt where the source allows. */
    record Release(Claim claim, boolean repeated) implements Settlement {
        /** The first try. */
        public Release(Claim claim) {
            this(claim, false);
        }

        @Override
        public Kind kind() {
            return Kind.RELEASE;
        }

        @Override
        public Release asRepeated() {
            return new Release(claim, true);
        }
    }

    /**
     * Given up: kept, with the reason, where an operator finds it.
     *
     * @param reason one sentence
     * @param error the last failure with its stack, where there was one
     */
    record DeadLetter(Claim claim, String reason, @Nullable String error, boolean repeated) implements Settlement {
        /** The first try. */
        public DeadLetter(Claim claim, String reason, @Nullable String error) {
            this(claim, reason, error, false);
        }

        @Override
        public Kind kind() {
            return Kind.DEAD_LETTER;
        }

        @Override
        public DeadLetter asRepeated() {
            return new DeadLetter(claim, reason, error, true);
        }
    }
}
