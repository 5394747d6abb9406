package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.kafka.KafkaConfig;
import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/** The application's Kafka, of a container or of {@code spring.kafka}, for workers whose properties name none. */
interface KafkaConnection {

    /** Host and port of each broker to begin with. */
    String bootstrapServers();

    /** Further settings. */
    void apply(KafkaConfig.Builder config);

    static KafkaConnection of(KafkaConnectionDetails details) {
        return new KafkaConnection() {
            @Override
            public String bootstrapServers() {
                return String.join(",", details.getConsumer().getBootstrapServers());
            }

            @Override
            public void apply(KafkaConfig.Builder config) {
                if (details.getConsumer().getSslBundle() != null) {
                    throw new ConfigurationException(
                            List.of(
                                    "bootstrapServers: must be set, with the ssl properties of"
                                            + " Kafka's client, since the application's Kafka has an SSL bundle, which the client cannot read"));
                }
                String protocol = details.getConsumer().getSecurityProtocol();
                if (protocol != null) {
                    config.property("security.protocol", protocol);
                }
            }
        };
    }
}
