package dev.claimant;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much work a source has, at one moment.
 *
 * @param scaler the one number that KEDA's scaler reads for this source, at this moment
 * @param ready claimable now, expired locks included
 * @param inFlight locked or reserved
 * @param delayed waiting for the end of a retry delay
 * @param dead dead-lettered and kept
 * @param capped whether counting stopped at the source's bound, so that there may be more than {@code scaler} says
 * @param furtherTriggers the numbers that KEDA reads for further triggers of the same worker, by the trigger's name; no message is in two of them
 * @param oldestAge how long ago the oldest message that is not dead was enqueued; empty where the source does not know or there is none
 */
public record Backlog(
        long scaler,
        OptionalLong ready,
        OptionalLong inFlight,
        OptionalLong delayed,
        OptionalLong dead,
        boolean capped,
        Map<String, Long> furtherTriggers,
        Optional<Duration> oldestAge) {

    /** Copies the map. */
    public Backlog {
        furtherTriggers = Map.copyOf(furtherTriggers);
    }

    /** A backlog with one trigger and without an age. */
    public Backlog(
            long scaler,
            OptionalLong ready,
            OptionalLong inFlight,
            OptionalLong delayed,
            OptionalLong dead,
            boolean capped) {
        this(scaler, ready, inFlight, delayed, dead, capped, Map.of(), Optional.empty());
    }

    /** A backlog of which only the scaler's number is known. */
    public static Backlog ofScaler(long scaler) {
        return new Backlog(
                scaler, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), false);
    }
}
