package dev.claimant.sample.cluster;

import dev.claimant.kafka.DeadLetters;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.sample.hello.HelloRecords;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The topic {@code hello} and its dead letters on a broker of its own, as an administrator makes them. */
public final class HelloTopic implements AutoCloseable {

    private static final String NAME = "hello";
    private static final String DEAD = "hello.dead";
    private static final int PARTITIONS = 6;

    private final LocalKafka broker;

    private HelloTopic(LocalKafka broker) {
        this.broker = broker;
    }

    /** Starts the broker and makes both. */
    public static HelloTopic start() throws InterruptedException {
        LocalKafka broker = LocalKafka.start();
        try {
            HelloRecords.createTopics(broker.clients(), Map.of(NAME, PARTITIONS, DEAD, 1));
        } catch (IOException e) {
            broker.close();
            throw new UncheckedIOException(e);
        }
        return new HelloTopic(broker);
    }

    private KafkaConfig config() {
        return KafkaConfig.group(broker.address(), NAME, NAME)
                .deadLetterTopic(DEAD)
                .lockLength(Duration.ofSeconds(LocalKafka.SESSION_SECONDS))
                .build();
    }

    /** Asks for a greeting that takes long, with a key of its own, and for one that nobody can do. */
    public void sendSlowAndPoison(int slowSeconds) {
        try {
            HelloRecords.send(broker.clients(), NAME, "slow", "Hello, slowly", Integer.toString(slowSeconds));
            HelloRecords.send(broker.clients(), NAME, "poison", "Hello for ever", "endless");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many are ready or in work. */
    public long messages() {
        try (KafkaSource source = KafkaSource.of(config())) {
            return source.backlog().scaler();
        }
    }

    /** How many were given up. */
    public int dead() {
        return new DeadLetters(config()).list(Integer.MAX_VALUE).size();
    }

    /** KEDA's scaler of this topic. */
    public KafkaScaler scaler(Trigger trigger) {
        return new KafkaScaler(trigger, broker.clients());
    }

    /** What a worker reads to reach this broker. */
    public Map<String, String> environment() {
        return broker.environment();
    }

    /** Pods that reach this broker. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(overrides);
        all.put("CLAIMANT_MANAGEMENT_PORT", "0"); // pods have a network each, processes share one
        Map<String, String> nobody = Map.of("username", "", "password", "");
        return new Pods(Map.of("hello-kafka", nobody, "hello-kafka-producer", nobody), all, folder);
    }

    @Override
    public void close() {
        broker.close();
    }
}
