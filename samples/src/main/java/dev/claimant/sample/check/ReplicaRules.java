package dev.claimant.sample.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How many there may be, and what KEDA and the HPA make of it. */
final class ReplicaRules {

    private static final int LONGEST_NAME = 54;

    static final List<Rule<Scaled>> RULES = List.of(
            new Rule<>("maximum", ReplicaRules::maximum),
            new Rule<>("minimum", ReplicaRules::minimum),
            object("idle-replicas", ReplicaRules::idle),
            object("cached-metrics", ReplicaRules::cachedMetrics),
            object("fixed-replicas", ReplicaRules::fixedReplicas),
            object("name-length", ReplicaRules::nameLength),
            object("scaling-modifiers", ReplicaRules::scalingModifiers),
            new Rule<>("trigger-names", ReplicaRules::triggerNames));

    private ReplicaRules() {}

    private static Rule<Scaled> object(String name, Rule.Check<Scaled> check) {
        return new Rule<>(name, (scaled, complaints) -> {
            if (!scaled.isJob()) {
                check.look(scaled, complaints);
            }
        });
    }

    private static void maximum(Scaled scaled, Rule.Complaints complaints) {
        Element max = scaled.spec("maxReplicaCount");
        if (!max.isSet()) {
            complaints.add(
                    max,
                    "maxReplicaCount is missing, and KEDA's default is 100",
                    "Say how many the source and the cluster can bear.");
        }
    }

    private static void minimum(Scaled scaled, Rule.Complaints complaints) {
        Element min = scaled.spec("minReplicaCount");
        double max = scaled.spec("maxReplicaCount").numberOr(100);
        if (min.numberOr(0) > max) {
            complaints.add(
                    min,
                    "minReplicaCount is " + min.text() + ", above maxReplicaCount " + (long) max,
                    "Write at most " + (long) max + ".");
        }
    }

    /** A minimum of 0 is the HPA's 1, and idle 0 is below that; a minimum left out is 0, and idle 0 is not below that. */
    private static void idle(Scaled scaled, Rule.Complaints complaints) {
        Element idle = scaled.spec("idleReplicaCount");
        Element min = scaled.spec("minReplicaCount");
        double least = min.isSet() ? Math.max(1, min.numberOr(0)) : 0;
        if (idle.isSet() && idle.numberOr(0) >= least) {
            complaints.add(
                    idle,
                    "idleReplicaCount must be below minReplicaCount, or KEDA refuses the ScaledObject",
                    "Remove it: minReplicaCount: 0 alone goes to none, too.");
        } else if (idle.numberOr(0) > 0) {
            complaints.add(
                    idle,
                    "the HPA works against an idleReplicaCount other than 0",
                    "Remove it, or write minReplicaCount alone.");
        }
    }

    private static void cachedMetrics(Scaled scaled, Rule.Complaints complaints) {
        for (TriggerUse trigger : scaled.triggers()) {
            Element cached = trigger.element().at("useCachedMetrics");
            if (trigger.isKnown() && !cached.text().equals("true")) {
                complaints.add(
                        cached,
                        "the HPA asks the source every 15 s, besides KEDA's own polls",
                        "Add useCachedMetrics: true to the trigger; the HPA then gets what the last poll read.");
            }
        }
    }

    private static void fixedReplicas(Scaled scaled, Rule.Complaints complaints) {
        if (scaled.workload() != null
                && scaled.workload().at("spec", "replicas").isSet()) {
            complaints.add(
                    scaled.workload().at("spec", "replicas"),
                    "each apply of the Deployment sets the replicas back, and workers that are busy are stopped",
                    "Remove replicas: KEDA and the HPA say how many.");
        }
    }

    private static void nameLength(Scaled scaled, Rule.Complaints complaints) {
        Element name = scaled.document().at("metadata", "name");
        boolean named =
                scaled.spec("advanced", "horizontalPodAutoscalerConfig", "name").isSet();
        if (!named && name.text().length() > LONGEST_NAME) {
            complaints.add(
                    name,
                    "the HPA is called keda-hpa-" + name.text() + ", which is longer than 63 characters",
                    "Take a name of at most " + LONGEST_NAME + " characters.");
        }
    }

    private static void scalingModifiers(Scaled scaled, Rule.Complaints complaints) {
        Element modifiers = scaled.spec("advanced", "scalingModifiers");
        Element formula = modifiers.at("formula");
        if (formula.isSet() != modifiers.at("target").isSet()) {
            complaints.add(modifiers, "formula and target belong together", "Give both or none.");
        }
        if (formula.isSet()) {
            scaled.triggers().stream()
                    .filter(trigger -> !trigger.element().at("name").isSet())
                    .forEach(trigger -> complaints.add(
                            trigger.element(), "a formula knows a trigger by its name", "Add a name to the trigger."));
        }
    }

    private static void triggerNames(Scaled scaled, Rule.Complaints complaints) {
        Set<String> names = new HashSet<>();
        for (TriggerUse trigger : scaled.triggers()) {
            Element name = trigger.element().at("name");
            if (name.isSet() && !names.add(name.text())) {
                complaints.add(
                        name,
                        "two triggers are called " + name.text(),
                        "Give each trigger a name of its own, or none.");
            }
        }
    }
}
