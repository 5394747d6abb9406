package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.spi.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;

/** Queues of RabbitMQ. */
final class RabbitMqSourceProvider implements SourceProvider {

    private final ObjectProvider<RabbitMqConnection> connection;

    RabbitMqSourceProvider(ObjectProvider<RabbitMqConnection> connection) {
        this.connection = connection;
    }

    @Override
    public String setting() {
        return "rabbitmq";
    }

    @Override
    public @Nullable Source source(String worker, WorkerProperties properties) {
        RabbitMqProperties rabbit = properties.rabbitmq();
        return rabbit == null ? null : RabbitMqSource.of(config(worker, rabbit));
    }

    private RabbitMqConfig config(String worker, RabbitMqProperties properties) {
        RabbitMqConnection application = properties.uri() == null ? connection.getIfAvailable() : null;
        String uri = application == null
                ? Sources.required(properties.uri(), "uri")
                : application.uri().get();
        RabbitMqConfig.Builder config =
                RabbitMqConfig.queue(uri, properties.queue() == null ? worker : properties.queue());
        if (application != null && application.tls() != null) {
            config.tls(application.tls().get());
        }
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::classic).whenTrue().toCall(config::classic);
        map.from(properties::inOrder).whenTrue().toCall(config::inOrder);
        map.from(properties::declare).whenTrue().toCall(config::declare);
        map.from(properties::longestRetry).to(config::longestRetry);
        map.from(properties::withoutRetryQueues).whenTrue().toCall(config::withoutRetryQueues);
        map.from(properties::trustRetryQueues).whenTrue().toCall(config::trustRetryQueues);
        map.from(properties::deadLetterQueue).to(config::deadLetterQueue);
        map.from(properties::withoutDeadLetters).whenTrue().toCall(config::withoutDeadLetters);
        map.from(properties::consumerTimeout).to(config::consumerTimeout);
        map.from(properties::requestTimeout).to(config::requestTimeout);
        map.from(properties::largestBody).to(config::largestBody);
        map.from(properties::management).to(config::management);
        map.from(properties::certificateAuthority).to(config::certificateAuthority);
        map.from(properties::passwordFile).to(config::passwordFile);
        if (properties.clientCertificate() != null && properties.clientKey() != null) {
            config.clientCertificate(properties.clientCertificate(), properties.clientKey());
        } else if (properties.clientCertificate() != null || properties.clientKey() != null) {
            throw new ConfigurationException(List.of("clientCertificate: goes with clientKey; one of them is missing"));
        }
        return config.build();
    }
}
