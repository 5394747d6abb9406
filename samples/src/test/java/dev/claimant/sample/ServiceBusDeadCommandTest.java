package dev.claimant.sample;

import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.servicebus.DeadLetters;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;

class ServiceBusDeadCommandTest extends PlainDeadCommandRules {

    private final HelloEntity queue = HelloEntity.queue(60);

    @AfterEach
    void endServer() {
        queue.close();
    }

    @Override
    void send(int greetings) throws IOException {
        queue.send(greetings, 0);
    }

    @Override
    Source source() {
        return ServiceBusSource.of(queue.config().build());
    }

    @Override
    long messages() {
        return queue.messages();
    }

    @Override
    void run(Arguments arguments, PrintStream out) {
        new PlainDeadCommand(new DeadLetters(queue.managed().build()), out).run(arguments);
    }

    @Override
    String wrongShow() {
        return "show 99";
    }
}
