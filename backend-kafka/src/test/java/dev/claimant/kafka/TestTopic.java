package dev.claimant.kafka;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic with a group and a dead-letter topic of its own, and hands to send, to claim and to look. */
final class TestTopic implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    final String name = "topic-" + UUID.randomUUID();
    final String group = name;
    final String deadTopic = name + "-dead";
    private final String url;
    private final Admin admin;
    private final Map<Duration, String> retryTopics = new TreeMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<KafkaSource> sources = new ArrayList<>();

    /** With a retry topic for each of these delays. */
    TestTopic(int partitions, Duration... retries) {
        this(TestBroker.url(), TestBroker.admin(), partitions, List.of(retries));
    }

    TestTopic(String url, Admin admin, int partitions) {
        this(url, admin, partitions, List.of());
    }

    TestTopic(String url, Admin admin, int partitions, List<Duration> retries) {
        this.url = url;
        this.admin = admin;
        retries.forEach(delay -> retryTopics.put(delay, name + "-retry-" + delay.toSeconds()));
        Map<String, Integer> topics = new HashMap<>(Map.of(name, partitions, deadTopic, 1));
        retryTopics.values().forEach(topic -> topics.put(topic, partitions));
        TestBroker.createTopics(admin, topics);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", url, "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What it was told. */
    static class Told implements Events {
        final List<Claim> lost = new CopyOnWriteArrayList<>();

        @Override
        public void lost(List<Claim> claims) {
            lost.addAll(claims);
        }

        @Override
        public void endangered(List<Claim> claims, Duration finishWithin) {}

        @Override
        public void wake() {}
    }

    static Plan plan() {
        return new Plan("worker", 8, 2_000, 10, null, null, Duration.ofMinutes(10), false, false);
    }

    KafkaSource source(UnaryOperator<KafkaConfig.Builder> change) {
        return source(change, new Told());
    }

    KafkaSource source(UnaryOperator<KafkaConfig.Builder> change, Events events) {
        KafkaSource source = KafkaSource.of(config(change));
        sources.add(source);
        source.open(plan(), events);
        return source;
    }

    KafkaConfig config(UnaryOperator<KafkaConfig.Builder> change) {
        return config(url, change);
    }

    /** By a way of its own to the broker. */
    KafkaConfig config(String url, UnaryOperator<KafkaConfig.Builder> change) {
        KafkaConfig.Builder config = KafkaConfig.group(url, group, name).deadLetterTopic(deadTopic);
        retryTopics.forEach(config::retryTopic);
        return change.apply(config).build();
    }

    void send(int partition, int count) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(producer.send(new ProducerRecord<>(name, partition, null, bytes("message " + i))));
        }
        sent.forEach(TestTopic::get);
    }

    /** Returns its offset. */
    long send(ProducerRecord<byte[], byte[]> message) {
        return get(producer.send(message)).offset();
    }

    /** In a transaction of its own, which commits or is taken back. */
    void sendInTransaction(int partition, String text, boolean committed) {
        try (KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", url, "transactional.id", name),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            get(transactional.send(new ProducerRecord<>(name, partition, null, bytes(text))));
            if (committed) {
                transactional.commitTransaction();
            } else {
                transactional.abortTransaction();
            }
        }
    }

    static List<Claim> claim(KafkaSource source, int count) throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (claims.size() < count && System.nanoTime() < giveUp) {
            claims.addAll(source.claim(count - claims.size(), Duration.ofMillis(500)));
        }
        return claims;
    }

    static List<Verdict> complete(KafkaSource source, List<Claim> claims) {
        List<Settlement> settlements =
                claims.stream().<Settlement>map(Settlement.Complete::new).toList();
        return source.settle(settlements, PATIENCE);
    }

    OffsetAndMetadata committed(int partition) {
        return Objects.requireNonNull(
                KafkaHarness.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                        .get(new TopicPartition(name, partition)));
    }

    List<ConsumerRecord<byte[], byte[]>> dead() {
        return read(deadTopic);
    }

    /** The first partition of a topic. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = reader(group)) {
            reader.assign(Set.of(partition));
            reader.seekToBeginning(Set.of(partition));
            long end =
                    Objects.requireNonNull(reader.endOffsets(Set.of(partition)).get(partition));
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100)).forEach(found::add);
            }
            return found;
        }
    }

    /** The end of all partitions without what is committed, as KEDA's scaler reckons with the policy earliest. */
    long lag() {
        return lag(name, group, false);
    }

    /** The same with the policy latest. */
    long lagFromLatest() {
        return lag(name, group, true);
    }

    /** The same for each retry topic. */
    Map<String, Long> retryLags() {
        return retryTopics.values().stream()
                .collect(Collectors.toMap(topic -> topic, topic -> lag(topic, group + "-retry", false)));
    }

    Collection<String> retryTopics() {
        return retryTopics.values();
    }

    String retryTopic(Duration delay) {
        return Objects.requireNonNull(retryTopics.get(delay));
    }

    private long lag(String topic, String group, boolean fromLatest) {
        try (KafkaConsumer<byte[], byte[]> reader = reader(group)) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(known -> new TopicPartition(topic, known.partition()))
                    .toList();
            Map<TopicPartition, OffsetAndMetadata> committed = reader.committed(Set.copyOf(partitions));
            return reader.endOffsets(partitions).entrySet().stream()
                    .mapToLong(end -> {
                        OffsetAndMetadata known = committed.get(end.getKey());
                        return known != null
                                ? Math.max(0, end.getValue() - known.offset())
                                : fromLatest ? 1 : end.getValue();
                    })
                    .sum();
        }
    }

    private KafkaConsumer<byte[], byte[]> reader(String group) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", url, "group.id", group, "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T get(Future<T> sent) {
        try {
            return sent.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot send", e);
        }
    }

    @Override
    public void close() {
        sources.forEach(KafkaSource::close);
        producer.close();
        Set<String> topics = new HashSet<>(retryTopics.values());
        topics.addAll(Set.of(name, deadTopic));
        KafkaHarness.get(admin.deleteTopics(topics).all());
    }
}
