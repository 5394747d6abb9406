package dev.claimant.sample.cluster;

import dev.claimant.Backlog;
import dev.claimant.kafka.DeadLetters;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.sample.hello.HelloRecords;
import dev.claimant.sample.hello.HelloSender;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The topic {@code hello}, its dead letters and its retries on a broker of its own, as an administrator makes them. */
public final class HelloTopic implements AutoCloseable {

    private static final String NAME = "hello";
    private static final String DEAD = "hello.dead";
    private static final String RETRY = "hello.retry.1m";

    /** How long messages wait there: the minute of its name would be long at a demo's pace. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(12);

    private static final int PARTITIONS = 6;

    private final LocalKafka broker;

    private HelloTopic(LocalKafka broker) {
        this.broker = broker;
    }

    /** Starts the broker and makes them. */
    public static HelloTopic start() throws InterruptedException {
        LocalKafka broker = LocalKafka.start();
        try {
            HelloRecords.createTopics(broker.clients(), Map.of(NAME, PARTITIONS, RETRY, PARTITIONS, DEAD, 1));
        } catch (IOException e) {
            broker.close();
            throw new UncheckedIOException(e);
        }
        return new HelloTopic(broker);
    }

    private KafkaConfig config() {
        return KafkaConfig.group(broker.address(), NAME, NAME)
                .deadLetterTopic(DEAD)
                .retryTopic(RETRY_DELAY, RETRY)
                .lockLength(Duration.ofSeconds(LocalKafka.SESSION_SECONDS))
                .build();
    }

    /** Asks for a greeting that takes long, with a key of its own. */
    public void sendSlow(int seconds) {
        send("slow", "Hello, slowly", Map.of(HelloSender.SECONDS, Integer.toString(seconds)));
    }

    /** Asks for one that nobody can do. */
    public void sendPoison() {
        send("poison", "Hello for ever", Map.of(HelloSender.SECONDS, "endless"));
    }

    /** Asks for one whose first attempt fails, such that it waits in the retry topic. */
    public void sendTooEarly() {
        String delay = Long.toString(RETRY_DELAY.toSeconds());
        send("early", "Hello, later", Map.of(HelloSender.SECONDS, "1", HelloSender.LATER, delay));
    }

    private void send(String key, String body, Map<String, String> headers) {
        try {
            HelloRecords.send(broker.clients(), NAME, key, body, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many are ready, in work or waiting. */
    public long messages() {
        try (KafkaSource source = KafkaSource.of(config())) {
            Backlog backlog = source.backlog();
            return backlog.scaler()
                    + backlog.furtherTriggers().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
        }
    }

    /** How many have been in the retry topic. */
    public int retried() {
        try (KafkaScaler ever = new KafkaScaler(retryTrigger("nobody", Map.of()), broker.clients())) {
            return (int) ever.read().value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The trigger of the retry topic that goes with this one of the topic, as the component {@code retry-topics} adds it. */
    public static Trigger retryTrigger(Trigger main) {
        return retryTrigger(main.metadata().get("consumerGroup") + "-retry", main.metadata());
    }

    private static Trigger retryTrigger(String group, Map<String, String> main) {
        Map<String, String> metadata = new HashMap<>(main);
        metadata.put("consumerGroup", group);
        metadata.put("topic", RETRY);
        metadata.put("lagThreshold", "100");
        metadata.put("offsetResetPolicy", "earliest");
        return new Trigger("kafka", metadata, 100, 0);
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

    /** Pods that reach this broker, and know the retry topic as with the component {@code retry-topics}. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(environment());
        all.put("KAFKA_RETRY_TOPICS", RETRY_DELAY.toSeconds() + ":" + RETRY);
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
