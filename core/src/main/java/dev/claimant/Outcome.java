package dev.claimant;

import dev.claimant.Settlement.Release;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a claim: the settlement that ends it, at once or after a pause in the worker; or another run of its handler after the pause,
 * and the settlement only if that is cut short.
 *
 * @param settlement how the claim ends when it is settled
 * @param pause how long it waits here first, lock renewed and without a slot; absent for not at all
 * @param then what follows the pause
 */
record Outcome(Settlement settlement, @Nullable Duration pause, Then then) {

    enum Then {
        SETTLE,
        RUN_THE_SAME_ATTEMPT,
        RUN_THE_NEXT_ATTEMPT
    }

    static Outcome settle(Settlement settlement) {
        return new Outcome(settlement, null, Then.SETTLE);
    }

    static Outcome settleAfter(Duration pause, Settlement settlement) {
        return new Outcome(settlement, pause, Then.SETTLE);
    }

    /** A message that would be released was not tried: its next run is the same attempt. */
    static Outcome runAgainAfter(Duration pause, Settlement ifCutShort) {
        boolean untried = ifCutShort instanceof Release;
        return new Outcome(ifCutShort, pause, untried ? Then.RUN_THE_SAME_ATTEMPT : Then.RUN_THE_NEXT_ATTEMPT);
    }

    /** A message that failed in this worker and was run again goes back as that failure, never as untried. */
    Outcome after(@Nullable Outcome earlier) {
        return settlement instanceof Release && earlier != null ? new Outcome(earlier.settlement, pause, then) : this;
    }

    /** Whether the handler could not begin. */
    boolean isUntried() {
        return then == Then.RUN_THE_SAME_ATTEMPT;
    }
}
