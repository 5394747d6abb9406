package dev.claimant.sample;

import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.spi.Source;
import dev.claimant.sqs.DeadLetters;
import dev.claimant.sqs.SqsSource;
import dev.claimant.sqs.TestServer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

class SqsDeadCommandTest extends PlainDeadCommandRules {

    private final HelloQueue queue = new HelloQueue(TestServer.main().endpoint().toString());

    @Override
    void send(int greetings) throws IOException {
        queue.send(greetings, 0);
    }

    @Override
    Source source() {
        return SqsSource.of(queue.config().longestPoll(Duration.ofSeconds(1)).build());
    }

    @Override
    long messages() {
        return queue.messages();
    }

    @Override
    void run(Arguments arguments, PrintStream out) {
        try (DeadLetters letters = new DeadLetters(queue.config().build())) {
            new PlainDeadCommand(letters, out).run(arguments);
        }
    }

    @Override
    String wrongShow() {
        return "show no-such-id";
    }
}
