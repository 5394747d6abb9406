package dev.claimant.spring;

import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.spi.Source;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;

/** Topics of Kafka, claimed by a consumer group. */
final class KafkaSourceProvider implements SourceProvider {

    private final ObjectProvider<KafkaConnection> connection;

    KafkaSourceProvider(ObjectProvider<KafkaConnection> connection) {
        this.connection = connection;
    }

    @Override
    public String setting() {
        return "kafka";
    }

    @Override
    public @Nullable Source source(String worker, WorkerProperties properties) {
        KafkaProperties kafka = properties.kafka();
        return kafka == null ? null : KafkaSource.of(config(worker, kafka));
    }

    private KafkaConfig config(String worker, KafkaProperties properties) {
        List<String> topics = properties.topics() == null ? List.of(worker) : properties.topics();
        KafkaConnection application = properties.bootstrapServers() == null ? connection.getIfAvailable() : null;
        KafkaConfig.Builder config = KafkaConfig.group(
                application == null
                        ? Sources.required(properties.bootstrapServers(), "bootstrapServers")
                        : application.bootstrapServers(),
                properties.group() == null ? worker : properties.group(),
                topics.toArray(String[]::new));
        if (application != null) {
            application.apply(config);
        }
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::deadLetterTopic).to(config::deadLetterTopic);
        map.from(properties::retryTopic).to(delays -> delays.forEach(config::retryTopic));
        map.from(properties::retryInPartition).to(config::retryInPartition);
        map.from(properties::fromLatest).whenTrue().toCall(config::fromLatest);
        map.from(properties::lockLength).to(config::lockLength);
        map.from(properties::revocationTimeout).to(config::revocationTimeout);
        map.from(properties::requestTimeout).to(config::requestTimeout);
        map.from(properties::maxAhead).to(config::maxAhead);
        Map<String, String> further = properties.properties() == null ? Map.of() : properties.properties();
        further.forEach(config::property);
        return config.build();
    }
}
