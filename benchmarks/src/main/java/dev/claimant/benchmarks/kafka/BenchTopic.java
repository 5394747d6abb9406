package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.QueueContender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The harness's own clients at one topic of six partitions: makes it anew, fills it, and counts what its group has not finished. */
final class BenchTopic implements QueueContender.Queue, AutoCloseable {

    private static final int PARTITIONS = 6;
    private static final int NOOP_MESSAGES = 500_000;
    private static final int BODY_BYTES = 200;
    private static final int WARM_UP_MESSAGES = 1_000_000;
    private static final String WARM_UP_POLL = "100";

    private final String servers;
    private final Admin admin;
    private @Nullable Target target;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private int made;

    BenchTopic(String servers) {
        this.servers = servers;
        admin = Admin.create(Map.of("bootstrap.servers", servers));
    }

    private Target target() {
        return Objects.requireNonNull(target, "no topic was filled");
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return Objects.requireNonNull(producer, "no topic was filled");
    }

    @Override
    public Map<String, String> environment() {
        return target().environment();
    }

    @Override
    public int noopMessages() {
        return NOOP_MESSAGES;
    }

    /** A new topic: what a group has committed on an earlier one says nothing here. */
    @Override
    public void fill(int messages) {
        if (target != null) {
            producer().close();
            get(admin.deleteTopics(List.of(target.topic(), target.deadLetterTopic()))
                    .all());
        }
        target = new Target(servers, "bench-" + ++made);
        get(admin.createTopics(List.of(
                        new NewTopic(target.topic(), PARTITIONS, (short) 1),
                        new NewTopic(target.deadLetterTopic(), 1, (short) 1)))
                .all());
        KafkaProducer<byte[], byte[]> sender = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", servers,
                        "batch.size", "65536",
                        // or a topic that is not quite there yet takes the second batch before the first, for ever
                        "enable.idempotence", "false",
                        "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer = sender;
        while (sender.partitionsFor(target.topic()).stream().anyMatch(known -> known.leader() == null)) {
            Thread.onSpinWait();
        }
        List<Future<?>> sending = new ArrayList<>();
        for (int number = 0; number < messages; number++) {
            sending.add(sender.send(message(number)));
        }
        sender.flush();
        sending.forEach(BenchTopic::get);
    }

    /**
     * Brings the broker to its full speed. Its JVM compiles during the first runs, which made the loop written by hand half as fast in its first run
     * as in its third.
     */
    void warmUp() {
        fill(WARM_UP_MESSAGES);
        Map<String, Object> settings = target().consumer();
        settings.put("max.poll.records", WARM_UP_POLL);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(target().topic()));
            for (int left = WARM_UP_MESSAGES; left > 0; ) {
                left -= consumer.poll(Duration.ofSeconds(1)).count();
                consumer.commitSync();
            }
        }
    }

    @Override
    public void send(int number) {
        get(producer().send(message(number)));
    }

    private ProducerRecord<byte[], byte[]> message(int number) {
        byte[] body = new byte[BODY_BYTES];
        ByteBuffer.wrap(body).putInt(number);
        return new ProducerRecord<>(target().topic(), number % PARTITIONS, null, body);
    }

    @Override
    public long left() {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.put(new TopicPartition(target().topic(), i), OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                get(admin.listOffsets(partitions).all());
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(target().topic()).partitionsToOffsetAndMetadata());
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    OffsetAndMetadata known = committed.get(end.getKey());
                    return end.getValue().offset() - (known == null ? 0 : known.offset());
                })
                .sum();
    }

    private static <T> T get(Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        admin.close();
    }
}
