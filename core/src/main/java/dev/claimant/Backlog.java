package dev.claimant;

import java.util.OptionalLong;

/**
 * What is there to do in a source, at one moment.
 *
 * @param scaler the one number that KEDA's scaler reads for this source, at this moment
 * @param ready claimable now, expired locks included
 * @param inFlight locked or reserved
 * @param delayed waiting for the end of a retry delay
 * @param dead dead-lettered and kept
 * @param capped whether counting stopped at the source's bound, so that there may be more than {@code scaler} says
 */
public record Backlog(
        long scaler,
        OptionalLong ready,
        OptionalLong inFlight,
        OptionalLong delayed,
        OptionalLong dead,
        boolean capped) {

    /** A backlog of which only the scaler's number is known. */
    public static Backlog ofScaler(long scaler) {
        return new Backlog(
                scaler, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), false);
    }
}
