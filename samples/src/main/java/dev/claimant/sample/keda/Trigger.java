package dev.claimant.sample.keda;

import java.util.List;
import java.util.Map;

/**
 * A trigger of a ScaledJob or ScaledObject.
 *
 * @param type KEDA's name of the scaler
 * @param metadata all that the manifest says, uninterpreted
 * @param target how much of the metric one Job or replica is to take
 * @param activation the trigger is active while the metric is above this
 */
public record Trigger(String type, Map<String, String> metadata, double target, double activation) {

    /** A target without default is 0 here, which KEDA takes as missing, too. */
    private record Keys(String target, double defaultTarget, String activation, List<String> required) {}

    private static final Map<String, Keys> KEYS = Map.of(
            "postgresql", new Keys("targetQueryValue", 0, "activationTargetQueryValue", List.of("query")),
            "aws-sqs-queue", new Keys("queueLength", 5, "activationQueueLength", List.of("awsRegion")),
            "azure-servicebus", new Keys("messageCount", 5, "activationMessageCount", List.of()),
            "rabbitmq", new Keys("value", 0, "activationValue", List.of("queueName", "mode")),
            "kafka", new Keys("lagThreshold", 10, "activationLagThreshold", List.of()),
            "metrics-api", new Keys("targetValue", 0, "activationTargetValue", List.of("url", "valueLocation")));

    public Trigger {
        metadata = Map.copyOf(metadata);
    }

    static List<Trigger> readAll(Field triggers) {
        List<Trigger> read = triggers.items().stream().map(Trigger::read).toList();
        if (read.isEmpty()) {
            throw triggers.wrong("must hold at least one trigger");
        }
        return read;
    }

    private static Trigger read(Field field) {
        Keys keys = field.at("type").choice(KEYS);
        Field metadata = field.at("metadata");
        Map<String, String> texts = metadata.textByName();
        keys.required.forEach(key -> metadata.at(key).text());
        Field target = metadata.at(keys.target);
        double perReplica = target.decimalOr(keys.defaultTarget);
        if (perReplica < 0.001) {
            throw target.wrong("must be a number of at least 0.001");
        }
        return new Trigger(
                field.at("type").text(),
                texts,
                perReplica,
                metadata.at(keys.activation).decimalOr(0));
    }
}
