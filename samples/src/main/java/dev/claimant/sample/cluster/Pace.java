package dev.claimant.sample.cluster;

import java.time.Duration;

/**
 * How much faster time passes for KEDA and the Job controller than for us, so that nobody must wait out their intervals. Pods and
 * locks live in our time.
 *
 * @param factor 1 for real time
 */
public record Pace(int factor) {

    /** How long we wait for what takes so long there. */
    public Duration here(Duration there) {
        return there.dividedBy(factor);
    }

    /** How much time has passed there. */
    public Duration there(Duration here) {
        return here.multipliedBy(factor);
    }
}
