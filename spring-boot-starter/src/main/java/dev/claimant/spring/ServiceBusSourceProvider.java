package dev.claimant.spring;

import com.azure.core.credential.TokenCredential;
import dev.claimant.ConfigurationException;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;

/** Queues and subscriptions of Azure Service Bus; where a namespace is named, a bean of type TokenCredential says who asks. */
final class ServiceBusSourceProvider implements SourceProvider {

    private final ObjectProvider<TokenCredential> credential;

    ServiceBusSourceProvider(ObjectProvider<TokenCredential> credential) {
        this.credential = credential;
    }

    @Override
    public String setting() {
        return "servicebus";
    }

    @Override
    public @Nullable Source source(String worker, WorkerProperties properties) {
        ServiceBusProperties serviceBus = properties.servicebus();
        return serviceBus == null ? null : ServiceBusSource.of(config(worker, serviceBus));
    }

    private ServiceBusConfig config(String worker, ServiceBusProperties properties) {
        ServiceBusConfig.Builder config = entity(worker, properties);
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::connectionString).to(config::connectionString);
        map.from(properties::sessions).whenTrue().toCall(config::sessions);
        map.from(properties::scheduledRetries).whenTrue().toCall(config::scheduledRetries);
        map.from(properties::webSockets).whenTrue().toCall(config::webSockets);
        map.from(properties::emulatorAnywhere).whenTrue().toCall(config::emulatorAnywhere);
        map.from(properties::lockLength).to(config::lockLength);
        map.from(properties::administrationEndpoint).to(config::administrationEndpoint);
        map.from(properties::requestTimeout).to(config::requestTimeout);
        map.from(properties::silence).to(config::silence);
        String namespace = properties.namespace();
        if (namespace != null) {
            TokenCredential one = credential.getIfUnique();
            if (one == null) {
                throw new ConfigurationException(
                        List.of(
                                "namespace: needs one bean of type TokenCredential, which azure-identity has, or connection-string instead"));
            }
            config.identity(namespace, one);
        }
        return config.build();
    }

    private static ServiceBusConfig.Builder entity(String worker, ServiceBusProperties properties) {
        String topic = properties.topic();
        if (topic == null && properties.subscription() == null) {
            return ServiceBusConfig.queue(properties.queue() == null ? worker : properties.queue());
        }
        if (properties.queue() != null) {
            throw new ConfigurationException(
                    List.of("queue: set, and so is topic or subscription; each worker has one source"));
        }
        return ServiceBusConfig.subscription(
                Sources.required(topic, "topic"), Sources.required(properties.subscription(), "subscription"));
    }
}
