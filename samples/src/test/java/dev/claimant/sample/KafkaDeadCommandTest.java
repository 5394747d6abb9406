package dev.claimant.sample;

import dev.claimant.kafka.DeadLetters;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

class KafkaDeadCommandTest extends PlainDeadCommandRules {

    private final KafkaHello topic = newTopic();

    private static KafkaHello newTopic() {
        try {
            return new KafkaHello();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void send(int greetings) throws IOException {
        topic.send(greetings);
    }

    @Override
    Source source() {
        return KafkaSource.of(topic.config());
    }

    @Override
    long messages() {
        return topic.messages();
    }

    @Override
    void run(Arguments arguments, PrintStream out) {
        new PlainDeadCommand(new DeadLetters(topic.config()), out).run(arguments);
    }

    @Override
    String wrongShow() {
        return "show no-such-id";
    }
}
