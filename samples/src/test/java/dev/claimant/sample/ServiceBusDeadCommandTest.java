package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.servicebus.DeadLetters;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceBusDeadCommandTest extends PlainDeadCommandRules {

    private final HelloEntity queue = HelloEntity.queue(60);

    @AfterEach
    void endServer() {
        queue.close();
    }

    @Test
    void showPrintsAllThatIsKnown() {
        String id = id(dead("list 1"));
        assertThat(dead("show " + id))
                .contains("id              " + id)
                .contains("nobody is there for Hello")
                .contains("seconds=0")
                .contains("PermanentFailure");
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
        new PlainDeadCommand(
                        new ServiceBusDeadLetters(
                                new DeadLetters(queue.managed().build())),
                        out)
                .run(arguments);
    }

    @Override
    String wrongShow() {
        return "show 99";
    }
}
