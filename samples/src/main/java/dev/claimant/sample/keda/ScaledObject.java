package dev.claimant.sample.keda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A ScaledObject, as its manifest says, with KEDA's defaults filled in.
 *
 * @param scaleTarget the Deployment's name
 * @param behavior of the HPA; without one, it follows older rules of its own
 */
public record ScaledObject(
        String name,
        String scaleTarget,
        Duration pollingInterval,
        Duration cooldownPeriod,
        Duration initialCooldownPeriod,
        OptionalInt idleReplicaCount,
        OptionalInt minReplicaCount,
        int maxReplicaCount,
        Optional<Behavior> behavior,
        List<Trigger> triggers) {

    /** How fast the HPA may go. */
    public record Behavior(ScalingRules up, ScalingRules down) {
        private static Behavior read(Field field) {
            return new Behavior(
                    ScalingRules.read(field.at("scaleUp"), ScalingRules.UP),
                    ScalingRules.read(field.at("scaleDown"), ScalingRules.DOWN));
        }
    }

    /**
     * Reads the ScaledObject of a manifest.
     *
     * @throws dev.claimant.ConfigurationException for a field that is missing or wrong, with its path and the file
     */
    public static ScaledObject read(Path manifest) {
        Field document = Field.document(manifest, "ScaledObject");
        document.mustNotBePaused();
        Field spec = document.at("spec");
        for (Field trigger : spec.at("triggers").items()) {
            if (!trigger.at("metricType").textOr("AverageValue").equals("AverageValue")) {
                throw trigger.at("metricType").wrong("must be AverageValue");
            }
        }
        spec.at("advanced", "scalingModifiers").mustBeAbsent("formulas are not modelled");
        Field behavior = spec.at("advanced", "horizontalPodAutoscalerConfig", "behavior");
        ScaledObject object = new ScaledObject(
                document.at("metadata", "name").text(),
                spec.at("scaleTargetRef", "name").text(),
                spec.at("pollingInterval").secondsOr(1, 30),
                spec.at("cooldownPeriod").secondsOr(0, 300),
                spec.at("initialCooldownPeriod").secondsOr(0, 0),
                spec.at("idleReplicaCount").numberIfSet(0),
                spec.at("minReplicaCount").numberIfSet(0),
                spec.at("maxReplicaCount").numberOr(1, 100),
                behavior.isSet() ? Optional.of(Behavior.read(behavior)) : Optional.empty(),
                Trigger.readAll(spec.at("triggers")));
        object.checkBounds(spec);
        return object;
    }

    /** A minimum of 0 is the HPA's 1, and idle 0 is below that; a minimum left out is 0, and idle 0 is not below that. */
    private void checkBounds(Field spec) {
        int effectiveMin = minReplicaCount.isPresent() ? hpaMinReplicas() : 0;
        if (effectiveMin > maxReplicaCount) {
            throw spec.at("minReplicaCount").wrong("must be at most maxReplicaCount (" + maxReplicaCount + ")");
        }
        if (idleReplicaCount.isPresent() && idleReplicaCount.getAsInt() >= effectiveMin) {
            throw spec.at("idleReplicaCount").wrong("must be less than minReplicaCount (" + effectiveMin + ")");
        }
    }

    /** The same with another upper bound. */
    public ScaledObject withMaxReplicaCount(int max) {
        return with(max, triggers);
    }

    /** The same with other triggers. */
    public ScaledObject withTriggers(List<Trigger> others) {
        return with(maxReplicaCount, others);
    }

    private ScaledObject with(int max, List<Trigger> others) {
        return new ScaledObject(
                name,
                scaleTarget,
                pollingInterval,
                cooldownPeriod,
                initialCooldownPeriod,
                idleReplicaCount,
                minReplicaCount,
                max,
                behavior,
                others);
    }

    int minReplicas() {
        return minReplicaCount.orElse(0);
    }

    int hpaMinReplicas() {
        return Math.max(1, minReplicas());
    }

    int inHpaBounds(int replicas) {
        return Math.min(Math.max(replicas, hpaMinReplicas()), maxReplicaCount);
    }

    boolean lacksSome(List<Reading> readings) {
        return readings.size() < triggers.size();
    }
}
