package dev.claimant.sample.check;

import java.util.List;
import java.util.OptionalInt;

/** What a lag means for workers of a consumer group. */
final class KafkaRules {

    static final List<Rule<Scaled>> RULES = List.of(
            new Rule<>("kafka-partitions", KafkaRules::partitions),
            rule("kafka-topic", KafkaRules::topic),
            rule("kafka-first-offset", KafkaRules::firstOffset),
            rule("kafka-lag", KafkaRules::lag));

    private KafkaRules() {}

    private static Rule<Scaled> rule(String name, Rule.Check<TriggerUse> check) {
        return new Rule<>(
                name,
                (scaled, complaints) -> scaled.triggers().stream()
                        .filter(TriggerUse::isKafka)
                        .forEach(trigger -> check.look(trigger, complaints)));
    }

    /** KEDA's own cap divides whole numbers and lets one more through. */
    private static void partitions(Scaled scaled, Rule.Complaints complaints) {
        OptionalInt partitions = partitionsOf(scaled);
        Element max = scaled.spec("maxReplicaCount");
        if (partitions.isPresent() && max.numberOr(0) > partitions.getAsInt()) {
            complaints.add(
                    max,
                    "maxReplicaCount is " + max.text() + ", and a worker beyond the " + partitions.getAsInt()
                            + " partitions has nothing to do",
                    "Write maxReplicaCount: " + partitions.getAsInt());
        }
    }

    /** Told on the command line, or to the worker. */
    static OptionalInt partitionsOf(Scaled scaled) {
        if (scaled.triggers().stream().noneMatch(TriggerUse::isKafka)) {
            return OptionalInt.empty();
        }
        Pod pod = scaled.pod();
        double told = pod == null ? 0 : pod.number("KAFKA_PARTITIONS", 0);
        return told > 0 ? OptionalInt.of((int) told) : scaled.partitions();
    }

    private static void topic(TriggerUse trigger, Rule.Complaints complaints) {
        if (!trigger.metadata("topic").isSet()
                && !trigger.metadata("topicFromEnv").isSet()) {
            complaints.add(
                    trigger.element().at("metadata"),
                    "without a topic the lag of every topic counts that the group has committed, and a new group has committed none",
                    "Add topic.");
        }
    }

    private static void firstOffset(TriggerUse trigger, Rule.Complaints complaints) {
        Element policy = trigger.metadata("offsetResetPolicy");
        if (!policy.text().equals("earliest")) {
            complaints.add(
                    policy,
                    "a worker begins at the earliest record, and KEDA would count from the latest until something is committed",
                    "Write offsetResetPolicy: earliest");
        }
    }

    private static void lag(TriggerUse trigger, Rule.Complaints complaints) {
        List.of("excludePersistentLag", "scaleToZeroOnInvalidOffset", "allowIdleConsumers")
                .forEach(key -> {
                    if (trigger.is(key, false)) {
                        String problem = switch (key) {
                            case "excludePersistentLag" ->
                                "a message that takes longer than a poll counts as none, and its worker may be stopped";
                            case "scaleToZeroOnInvalidOffset" -> "a group that has committed nothing yet never starts";
                            default ->
                                "more workers than partitions would start, and the rest of them has nothing to do";
                        };
                        complaints.add(trigger.metadata(key), problem, "Remove " + key + ".");
                    }
                });
    }
}
