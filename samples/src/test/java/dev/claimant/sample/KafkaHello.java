package dev.claimant.sample;

import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.sample.cluster.LocalKafka;
import dev.claimant.sample.hello.HelloRecords;
import dev.claimant.sample.hello.HelloSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A topic with its dead letters for a test, on the one broker that all tests share. */
final class KafkaHello {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final LocalKafka BROKER = start();

    private final String topic = "hello-" + NUMBER.incrementAndGet();

    KafkaHello() throws IOException {
        HelloRecords.createTopics(BROKER.clients(), Map.of(topic, 3, topic + ".dead", 1));
    }

    private static LocalKafka start() {
        try {
            return LocalKafka.start();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    KafkaConfig config() {
        return KafkaConfig.group(BROKER.address(), topic, topic)
                .deadLetterTopic(topic + ".dead")
                .lockLength(Duration.ofSeconds(LocalKafka.SESSION_SECONDS))
                .build();
    }

    void send(int greetings) throws IOException {
        HelloRecords.send(BROKER.clients(), topic, greetings, 0);
    }

    void sendPoison() {
        try {
            HelloRecords.send(BROKER.clients(), topic, "poison", "Hello", Map.of(HelloSender.SECONDS, "endless"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many are not done, as KEDA counts. */
    long messages() {
        try (KafkaSource source = KafkaSource.of(config())) {
            return source.backlog().scaler();
        }
    }

    /** What the sample reads to find it. */
    Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(BROKER.environment());
        all.put("SOURCE", "kafka");
        all.put("KAFKA_TOPIC", topic);
        return all;
    }
}
