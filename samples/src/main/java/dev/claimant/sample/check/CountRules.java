package dev.claimant.sample.check;

import dev.claimant.sample.check.TriggerUse.Count;
import java.util.List;

/** What a trigger counts decides how a workload may be scaled by it. */
final class CountRules {

    static final List<Rule<Scaled>> RULES = List.of(
            new Rule<>("count-and-strategy", CountRules::countAndStrategy),
            new Rule<>("ready-condition", CountRules::readyCondition),
            new Rule<>("ready-probe", CountRules::readyProbe),
            new Rule<>("strategy-custom", CountRules::strategyCustom),
            new Rule<>("deployment-count", CountRules::deploymentCount),
            new Rule<>("rabbitmq-protocol", CountRules::rabbitMqProtocol),
            new Rule<>("target-and-slots", CountRules::targetAndSlots),
            new Rule<>("target-and-messages", CountRules::targetAndMessages));

    private CountRules() {}

    private static void countAndStrategy(Scaled scaled, Rule.Complaints complaints) {
        Element strategy = scaled.spec("scalingStrategy", "strategy");
        String name = strategy.textOr("default");
        boolean forClaimable = name.equals("accurate");
        for (TriggerUse trigger : jobTriggers(scaled)) {
            if (trigger.count() == Count.WITH_WORK_IN_FLIGHT && (forClaimable || name.equals("eager"))) {
                complaints.add(
                        strategy,
                        "strategy " + name + " takes the count for new work, but the " + trigger.type()
                                + " trigger counts what Jobs already work on: each poll would start Jobs that find nothing",
                        "Write strategy: default"
                                + (trigger.type().matches("aws-sqs-queue|rabbitmq")
                                        ? ", or have the trigger leave out what is in flight."
                                        : "."));
            } else if (trigger.count() == Count.ONLY_CLAIMABLE && !forClaimable) {
                complaints.add(
                        strategy,
                        "strategy " + name + " takes off the Jobs that run, but the " + trigger.type()
                                + " trigger does not count what they work on: new messages would wait for old Jobs",
                        "Write strategy: accurate with pendingPodConditions: [Ready], or have the trigger count what is in flight.");
            }
        }
    }

    private static void readyCondition(Scaled scaled, Rule.Complaints complaints) {
        Element strategy = scaled.spec("scalingStrategy", "strategy");
        if (scaled.isJob() && strategy.text().equals("accurate") && !isGatedByReady(scaled)) {
            complaints.add(
                    strategy,
                    "a Job that runs but has not claimed yet does not count as pending: its message is given a second Job",
                    "Add pendingPodConditions: [Ready]; a worker's pod is ready once it has claimed.");
        }
    }

    private static void readyProbe(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        if (scaled.isJob()
                && pod != null
                && isGatedByReady(scaled)
                && !pod.container().at("readinessProbe").isSet()) {
            complaints.add(
                    pod.container(),
                    "without a readinessProbe a pod is ready at once, before it has claimed",
                    "Add a readinessProbe for /readyz on the management port.");
        }
    }

    private static boolean isGatedByReady(Scaled scaled) {
        return scaled.spec("scalingStrategy", "pendingPodConditions").items().stream()
                .anyMatch(condition -> condition.text().equals("Ready"));
    }

    private static void strategyCustom(Scaled scaled, Rule.Complaints complaints) {
        Element strategy = scaled.spec("scalingStrategy", "strategy");
        Element share = scaled.spec("scalingStrategy", "customScalingRunningJobPercentage");
        if (strategy.text().equals("custom") && share.number().isEmpty()) {
            complaints.add(
                    strategy,
                    "without a number in customScalingRunningJobPercentage KEDA takes strategy default and does not say so",
                    "Add customScalingRunningJobPercentage, or write strategy: default.");
        }
    }

    private static void deploymentCount(Scaled scaled, Rule.Complaints complaints) {
        for (TriggerUse trigger : objectTriggers(scaled)) {
            if (trigger.count() == Count.ONLY_CLAIMABLE) {
                Element key = trigger.metadata(
                        switch (trigger.type()) {
                            case "aws-sqs-queue" -> "scaleOnInFlight";
                            default ->
                                trigger.metadata("protocol").text().equals("amqp")
                                        ? "protocol"
                                        : "excludeUnacknowledged";
                        });
                complaints.add(
                        key,
                        key.name() + " " + key.text()
                                + " leaves out what workers hold: a queue that is worked on looks empty, and KEDA stops them all",
                        trigger.type().equals("rabbitmq")
                                ? "Write protocol: http, and excludeUnacknowledged: \"false\"."
                                : "Write scaleOnInFlight: \"true\".");
            }
        }
    }

    private static void rabbitMqProtocol(Scaled scaled, Rule.Complaints complaints) {
        for (TriggerUse trigger : scaled.triggers()) {
            String protocol = trigger.metadata("protocol").textOr("auto");
            boolean handedOver =
                    trigger.handedOver() != null && trigger.handedOver().contains("protocol");
            if (trigger.type().equals("rabbitmq") && protocol.equals("auto") && !handedOver) {
                complaints.add(
                        trigger.element().at("metadata"),
                        "the address decides whether unacknowledged messages are counted: over amqp they are not",
                        "Write protocol: http, and give the address of the management API.");
            }
        }
    }

    private static void targetAndSlots(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        if (pod == null || !(pod.isSample() || pod.variable("CLAIMANT_SLOTS").isSet())) {
            return;
        }
        double slots = pod.number("CLAIMANT_SLOTS", 10);
        for (TriggerUse trigger : objectTriggers(scaled)) {
            if (trigger.count() != Count.UNKNOWN
                    && !trigger.countsRetries()
                    && trigger.target().numberOr(slots) != slots) {
                complaints.add(
                        trigger.target(),
                        trigger.target().name() + " is " + trigger.target().text() + ", and a worker has "
                                + (long) slots + " slots",
                        "Give both the same number: a replica is meant to have as many messages as it can work on at once.");
            }
        }
    }

    private static void targetAndMessages(Scaled scaled, Rule.Complaints complaints) {
        Pod pod = scaled.pod();
        for (TriggerUse trigger : jobTriggers(scaled)) {
            double messages = pod == null ? 1 : pod.number("CLAIMANT_MESSAGES", 1);
            Element target = trigger.target();
            if (trigger.isKnown() && target.isSet() && target.number().isPresent() && target.numberOr(0) != messages) {
                complaints.add(
                        target,
                        target.name() + " is " + target.text() + ", and a Job takes " + (long) messages,
                        "Give " + target.name()
                                + " and CLAIMANT_MESSAGES the same number; it is 1 where nothing is set.");
            }
        }
    }

    private static List<TriggerUse> jobTriggers(Scaled scaled) {
        return scaled.isJob() ? scaled.triggers() : List.of();
    }

    private static List<TriggerUse> objectTriggers(Scaled scaled) {
        return scaled.isJob() ? List.of() : scaled.triggers();
    }
}
