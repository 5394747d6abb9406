package dev.claimant.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Makes Kafka's clients from the settings, each given those that it knows. Thread-safe. */
final class Connections implements AutoCloseable {

    private static final int MOST_RECORDS = 1_000;

    /** No question of ours is open when it is closed. */
    private static final Duration LEAVE = Duration.ofSeconds(1);

    private final KafkaConfig config;
    private @Nullable Admin admin;

    Connections(KafkaConfig config) {
        this.config = config;
    }

    /**
     * A member of this group, made on a thread of its own: loading the client's classes takes longer than most of what a start asks of the
     * brokers meanwhile. It joins when it polls.
     */
    FutureTask<Consumer<byte[], byte[]>> makeConsumer(String group, int maxHeld) {
        FutureTask<Consumer<byte[], byte[]>> making = new FutureTask<>(() -> consumer(group, maxHeld));
        Thread thread = new Thread(making, "claimant-kafka-connect");
        thread.setDaemon(true);
        thread.start();
        return making;
    }

    private Consumer<byte[], byte[]> consumer(String group, int maxHeld) {
        Properties properties = properties(ConsumerConfig.configNames());
        properties.putIfAbsent("group.protocol", "consumer");
        properties.putIfAbsent("isolation.level", "read_committed");
        if (config.isClassic()) {
            properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        }
        properties.put("group.id", group);
        properties.put("enable.auto.commit", "false");
        // For offsets out of range, too, where the end would lose what is there; a group that begins at the end is
        // sought there.
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", Integer.toString(Math.min(MOST_RECORDS, maxHeld)));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Reads what it is assigned by hand; no member of a group. */
    Consumer<byte[], byte[]> reader(Map<String, String> special) {
        Properties properties = properties(ConsumerConfig.configNames());
        properties.putIfAbsent("isolation.level", "read_committed");
        properties.putAll(special);
        properties.keySet().removeAll(List.of("group.protocol", "group.instance.id"));
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Producer<byte[], byte[]> producer() {
        Properties properties = properties(ProducerConfig.configNames());
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        properties.putIfAbsent(
                "max.block.ms", Long.toString(config.requestTimeout().toMillis()));
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties(AdminClientConfig.configNames()));
        }
        return admin;
    }

    private Properties properties(java.util.Set<String> known) {
        Map<String, String> given = new TreeMap<>(config.properties());
        given.keySet().removeIf(name -> isOfAnotherClient(name, known));
        Properties properties = new Properties();
        properties.putAll(given);
        properties.put("bootstrap.servers", config.servers());
        return properties;
    }

    /** One that no client knows may be for a class that the application has plugged in. */
    private static boolean isOfAnotherClient(String name, java.util.Set<String> known) {
        return !known.contains(name)
                && (ConsumerConfig.configNames().contains(name)
                        || ProducerConfig.configNames().contains(name));
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(LEAVE);
            admin = null;
        }
    }
}
