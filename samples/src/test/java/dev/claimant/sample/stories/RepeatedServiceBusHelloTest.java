package dev.claimant.sample.stories;

import dev.claimant.contract.Wire;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Service Bus brings a message again when its lock has ended; connections are cut twice on the way. */
class RepeatedServiceBusHelloTest extends RepeatedHelloStory {

    /** Enough to be killed and cut in the middle of; 10,000 by {@code -Dclaimant.sample.greetings=10000}. */
    private static final int GREETINGS = Integer.getInteger("claimant.sample.greetings", 1_000);

    private final HelloEntity queue = HelloEntity.queue(5);
    private final Wire wire = Wire.to("127.0.0.1", queue.port());

    RepeatedServiceBusHelloTest() {
        super("servicebus", GREETINGS);
    }

    @AfterEach
    void endServer() {
        wire.close();
        queue.close();
    }

    @Override
    Source source() {
        return ServiceBusSource.of(queue.config().build());
    }

    @Override
    void send(int greetings) throws IOException {
        queue.send(greetings, 0);
    }

    @Override
    long left() {
        return queue.messages();
    }

    @Override
    Pods pods(Map<String, String> environment) {
        return queue.pods(folder, environment, wire.port());
    }

    @Override
    void disturb() {
        wire.disconnect();
    }
}
