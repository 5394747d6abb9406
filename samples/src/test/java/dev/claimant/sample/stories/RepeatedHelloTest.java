package dev.claimant.sample.stories;

import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** RabbitMQ brings a message again when it did not hear that it was done; it is killed twice on the way. */
class RepeatedHelloTest extends RepeatedHelloStory {

    private HelloBroker broker;

    RepeatedHelloTest() {
        super("rabbitmq", 10_000);
    }

    @BeforeEach
    void createVirtualHost() {
        broker = new HelloBroker();
    }

    @Override
    Source source() {
        return RabbitMqSource.of(broker.config().build());
    }

    @Override
    void send(int greetings) throws IOException {
        broker.send(greetings, 0);
    }

    @Override
    long left() {
        return broker.messages();
    }

    @Override
    Pods pods(Map<String, String> environment) {
        return broker.pods(folder, environment);
    }

    @Override
    void disturb() {
        broker.kill();
    }
}
