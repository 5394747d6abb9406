package dev.claimant.sample.check;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A trigger, and what a TriggerAuthentication hands over to its scaler.
 *
 * @param handedOver the parameters, or null where the TriggerAuthentication is not among the manifests
 */
record TriggerUse(Element element, @Nullable Set<String> handedOver) {

    private static final Map<?, ?> SCALERS = Resources.table("scalers.yaml");

    /** What the number that KEDA reads includes. */
    enum Count {
        WITH_WORK_IN_FLIGHT,
        ONLY_CLAIMABLE,
        /** Only the query's author knows. */
        UNKNOWN
    }

    String type() {
        return element.at("type").text();
    }

    Element metadata(String key) {
        return element.at("metadata", key);
    }

    boolean is(String key, boolean otherwise) {
        return Boolean.parseBoolean(
                metadata(key).textOr(String.valueOf(otherwise)).toLowerCase(Locale.ROOT));
    }

    boolean isKafka() {
        return type().equals("kafka") || type().equals("apache-kafka");
    }

    /** Whether it counts what waits in a retry topic: there is nothing to do about that for most of the time. */
    boolean countsRetries() {
        return isKafka() && metadata("consumerGroup").text().endsWith("-retry");
    }

    /** Whether there are rules for the scaler. */
    boolean isKnown() {
        return SCALERS.containsKey(type());
    }

    /** What {@code scalers.yaml} says of the scaler under a heading. */
    Object table(String heading, Object otherwise) {
        if (SCALERS.get(type()) instanceof Map<?, ?> scaler) {
            Object found = scaler.get(heading);
            return found == null ? otherwise : found;
        }
        return otherwise;
    }

    /** How much one Job or replica takes. */
    Element target() {
        return metadata(String.valueOf(table("target", "")));
    }

    /** Whether the key is given here or may come from the TriggerAuthentication. */
    boolean isGiven(String key) {
        if (metadata(key).isSet()) {
            return true;
        }
        boolean mayBeHandedOver = String.valueOf(table("parameters", "")).matches("(.*[\\[ ])?" + key + "[,\\]].*");
        return mayBeHandedOver && (handedOver == null || handedOver.contains(key));
    }

    Count count() {
        return switch (type()) {
            case "kafka", "apache-kafka", "azure-servicebus" -> Count.WITH_WORK_IN_FLIGHT;
            case "aws-sqs-queue" -> is("scaleOnInFlight", true) ? Count.WITH_WORK_IN_FLIGHT : Count.ONLY_CLAIMABLE;
            case "postgresql" ->
                metadata("query").text().matches("(?s).*\\bclaimant\\.(table_)?scaler\\(.*")
                        ? Count.WITH_WORK_IN_FLIGHT
                        : Count.UNKNOWN;
            case "rabbitmq" -> rabbitMqCount();
            default -> Count.UNKNOWN;
        };
    }

    private Count rabbitMqCount() {
        if (!metadata("mode").textOr("QueueLength").equals("QueueLength")) {
            return Count.UNKNOWN;
        }
        return switch (metadata("protocol").text()) {
            case "http" -> is("excludeUnacknowledged", false) ? Count.ONLY_CLAIMABLE : Count.WITH_WORK_IN_FLIGHT;
            case "amqp" -> Count.ONLY_CLAIMABLE;
            default -> Count.UNKNOWN;
        };
    }
}
