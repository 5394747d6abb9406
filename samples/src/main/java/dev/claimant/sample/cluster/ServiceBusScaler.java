package dev.claimant.sample.cluster;

import dev.claimant.SourceException;
import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.servicebus.ServiceBusSource;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/** KEDA's {@code azure-servicebus} scaler: the active messages of a queue or subscription, those that are locked among them. */
public final class ServiceBusScaler implements Scaler {

    private final Trigger trigger;
    private final ServiceBusSource source;

    /**
     * Asks the administration API, as KEDA does.
     *
     * @param config of what the trigger names, with a key that has the right Manage
     */
    public ServiceBusScaler(Trigger trigger, ServiceBusConfig config) {
        this.trigger = trigger;
        source = ServiceBusSource.of(config);
    }

    /** The settings of what a trigger names. */
    public static ServiceBusConfig.Builder entity(Trigger trigger) {
        Map<String, String> metadata = trigger.metadata();
        String queue = metadata.get("queueName");
        return queue != null
                ? ServiceBusConfig.queue(queue)
                : ServiceBusConfig.subscription(
                        Objects.requireNonNull(metadata.get("topicName"), "neither queueName nor topicName"),
                        Objects.requireNonNull(metadata.get("subscriptionName"), "no subscriptionName"));
    }

    @Override
    public Reading read() throws IOException {
        try {
            return new Reading(trigger, source.backlog().scaler());
        } catch (SourceException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
