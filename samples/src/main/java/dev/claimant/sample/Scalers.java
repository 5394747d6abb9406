package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.cluster.KafkaScaler;
import dev.claimant.sample.cluster.PostgresScaler;
import dev.claimant.sample.cluster.RabbitMqScaler;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.cluster.ServiceBusScaler;
import dev.claimant.sample.cluster.SqsScaler;
import dev.claimant.sample.keda.Trigger;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What KEDA's operator would ask, asked with the login of a worker: on a developer's machine there is seldom another. */
public final class Scalers {

    private static final String BROKER = "RABBITMQ_URL";
    private static final String MANAGEMENT = "RABBITMQ_MANAGEMENT_URL";

    private Scalers() {}

    /**
     * The scaler of a trigger.
     *
     * @param variables the environment of a worker
     * @throws ConfigurationException for a trigger that cannot be played, or settings that are missing, by their names
     */
    public static Scaler of(Trigger trigger, Map<String, String> variables) throws SQLException {
        refuseWhatIsNotPlayed(trigger);
        Environment env = new Environment(variables);
        Settings.read(env);
        return switch (trigger.type()) {
            case "postgresql" -> new PostgresScaler(trigger, Postgres.read(env).dataSource());
            case "rabbitmq" -> {
                @Nullable String management = env.text(MANAGEMENT);
                if (management == null) {
                    throw new ConfigurationException(List.of(MANAGEMENT
                            + ": not set: must be http://user:password@host:15672, which KEDA's scaler asks"));
                }
                yield new RabbitMqScaler(trigger, withVhost(management, env));
            }
            case "aws-sqs-queue" -> new SqsScaler(trigger, Objects.requireNonNull(Sqs.read(env)));
            case "azure-servicebus" -> serviceBus(trigger, env);
            case "kafka" ->
                new KafkaScaler(trigger, Objects.requireNonNull(Kafka.read(env)).clients());
            default ->
                throw new ConfigurationException(
                        List.of("triggers[0].type: " + trigger.type() + " is not played here"));
        };
    }

    /** KEDA finds the virtual host behind the management API's address, a worker behind the broker's. */
    private static String withVhost(String management, Environment env) {
        @Nullable String path = URI.create(env.textOr(BROKER, "")).getRawPath();
        String vhost = path == null || path.length() < 2 ? "/%2F" : path;
        return (management.endsWith("/") ? management.substring(0, management.length() - 1) : management) + vhost;
    }

    /** KEDA asks about what the trigger names, whatever the worker claims from. */
    private static Scaler serviceBus(Trigger trigger, Environment env) {
        Map<String, String> metadata = trigger.metadata();
        String queue = metadata.get("queueName");
        String topic = metadata.get("topicName");
        if (queue == null && (topic == null || metadata.get("subscriptionName") == null)) {
            throw new ConfigurationException(
                    List.of("triggers[0].metadata: has neither queueName nor topicName with subscriptionName"));
        }
        return new ServiceBusScaler(
                trigger,
                Objects.requireNonNull(ServiceBus.read(
                                env,
                                queue == null ? Objects.requireNonNull(topic) : queue,
                                metadata.get("subscriptionName")))
                        .config());
    }

    private static void refuseWhatIsNotPlayed(Trigger trigger) {
        Map<String, String> metadata = trigger.metadata();
        List<String> refused = switch (trigger.type()) {
            case "rabbitmq" ->
                List.of(
                        "protocol=auto",
                        "protocol=amqp",
                        "useRegex=true",
                        "excludeUnacknowledged=true",
                        "mode=MessageRate",
                        "mode=DeliverGetRate",
                        "mode=PublishedToDeliveredRatio",
                        "mode=ExpectedQueueConsumptionTime");
            case "kafka" ->
                List.of(
                        "allowIdleConsumers=true",
                        "limitToPartitionsWithLag=true",
                        "ensureEvenDistributionOfPartitions=true",
                        "excludePersistentLag=true",
                        "scaleToZeroOnInvalidOffset=true");
            case "azure-servicebus" -> List.of("useRegex=true");
            default -> List.of();
        };
        List<String> problems = metadata.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .filter(refused::contains)
                .sorted()
                .map(entry -> "triggers[0].metadata: " + entry.replace("=", ": ") + " is not played here")
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}
