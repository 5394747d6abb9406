package dev.claimant;

import java.time.Duration;

/** What becomes of a claim whose handler has returned. */
sealed interface Outcome {

    /** Its end is decided. */
    record Settle(Settlement settlement) implements Outcome {}

    /**
     * It waits here first, lock renewed; then it is run again here, or settled. Cut short, it is settled in any case. What is run again
     * after a retry is the next attempt, after a release the same.
     */
    record Park(Duration delay, Settlement then, boolean runAgain) implements Outcome {}

    /** It is not ours any more: nothing is said to the source. */
    record Drop() implements Outcome {}
}
