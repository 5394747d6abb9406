package dev.claimant.sample.keda;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What KEDA itself decides about a Deployment: zero (or idle) or not. Between one and many, {@link Hpa} decides.
 *
 * @param lastActive the latest poll with an active trigger
 * @param replicas wanted from here on
 */
public record Activation(Instant created, Optional<Instant> lastActive, int replicas) {

    /** A ScaledObject created now, over a Deployment of so many replicas. */
    public static Activation of(Instant created, int replicas) {
        return new Activation(created, Optional.empty(), replicas);
    }

    /**
     * What KEDA does at a poll.
     *
     * @param current replicas, as the HPA may have changed them
     * @param readings of the triggers whose scaler answered
     */
    public Activation poll(ScaledObject object, Instant now, int current, List<Reading> readings) {
        if (readings.stream().anyMatch(Reading::active)) {
            boolean asleep = current == 0 || (object.idleReplicaCount().isPresent() && current < object.minReplicas());
            return asleep
                    ? new Activation(created, Optional.of(now), object.hpaMinReplicas())
                    : new Activation(created, object.lacksSome(readings) ? lastActive : Optional.of(now), current);
        }
        return new Activation(created, lastActive, inactive(object, now, current, object.lacksSome(readings)));
    }

    private int inactive(ScaledObject object, Instant now, int current, boolean failed) {
        if (failed) {
            return current;
        }
        int rest = object.idleReplicaCount().orElse(0);
        boolean mayRest = object.idleReplicaCount().isPresent() || object.minReplicas() == 0;
        if (mayRest && current > rest) {
            return cooledDown(object, now) ? rest : current;
        }
        return mayRest ? current : Math.max(current, object.minReplicas());
    }

    /** All replicas go at once; one that was never active waits for nothing but the initial period. */
    private boolean cooledDown(ScaledObject object, Instant now) {
        return lastActive
                .map(time -> time.plus(object.cooldownPeriod()))
                .orElseGet(() -> created.plus(object.initialCooldownPeriod()))
                .isBefore(now);
    }
}
