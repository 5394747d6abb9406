package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Handler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Workers whose properties name no broker claim from the one that a container or Spring Boot's own properties describe. */
class ServiceConnectionTest {

    @Configuration(proxyBeanMethods = false)
    static class Emails {

        @Bean
        Handler emails() {
            return claim -> {};
        }
    }

    record Rabbit(int port) implements RabbitConnectionDetails {

        @Override
        public String getUsername() {
            return "shop user";
        }

        @Override
        public String getPassword() {
            return "p@ss/word";
        }

        @Override
        public String getVirtualHost() {
            return "shop/1";
        }

        @Override
        public List<Address> getAddresses() {
            return List.of(new Address("127.0.0.1", port));
        }
    }

    private final ApplicationContextRunner application = Contexts.withSources().withUserConfiguration(Emails.class);

    @Test
    void aRabbitMqWorkerConnectsToTheServiceConnection() throws IOException {
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            application
                    .withBean(RabbitConnectionDetails.class, () -> new Rabbit(broker.getLocalPort()))
                    .withPropertyValues("claimant.workers.emails.rabbitmq.queue=emails")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(firstBytes(broker, 4)).isEqualTo("AMQP");
                    });
        }
    }

    @Test
    void theLoginIsPartOfTheAddress() {
        assertThat(RabbitMqConnection.of(new Rabbit(5673)).uri().get())
                .isEqualTo("amqp://shop%20user:p%40ss%2Fword@127.0.0.1:5673/shop%2F1");
    }

    @Test
    void aKafkaWorkerConnectsToTheServiceConnection() throws IOException {
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            KafkaConnectionDetails details = () -> List.of("127.0.0.1:" + broker.getLocalPort());
            application
                    .withBean(KafkaConnectionDetails.class, () -> details)
                    .withPropertyValues("claimant.workers.emails.kafka.topics=emails")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(firstBytes(broker, 4)).isNotEmpty();
                    });
        }
    }

    private static String firstBytes(ServerSocket broker, int count) throws IOException {
        broker.setSoTimeout(60_000);
        try (Socket client = broker.accept()) {
            return new String(client.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void withoutOneTheSettingIsMissing() {
        application
                .withPropertyValues("claimant.workers.emails.rabbitmq.queue=emails")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("claimant.workers.emails.rabbitmq.uri: must be set"));
        application
                .withPropertyValues("claimant.workers.emails.kafka.topics=emails")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("claimant.workers.emails.kafka.bootstrap-servers: must be set"));
    }
}
