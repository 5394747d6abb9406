package dev.claimant.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The dead-letter topic from its first record to what was its last when this began: first the markers of what was removed, then the letters
 * that are left. For one thread.
 */
final class DeadLetterLog implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConfig config;
    private final Connections connections;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader;
    private final Map<TopicPartition, Long> ends;
    private final Set<String> topics;
    private final Set<String> removed = new HashSet<>();
    private final Queue<StoredLetter> read = new ArrayDeque<>();
    private @Nullable Producer<byte[], byte[]> producer;

    DeadLetterLog(KafkaConfig config, String topic, Connections connections) {
        this.config = config;
        this.connections = connections;
        topics = Set.copyOf(config.topics());
        reader = connections.reader(Map.of());
        List<TopicPartition> partitions = reader.partitionsFor(topic, config.requestTimeout()).stream()
                .map(known -> new TopicPartition(topic, known.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("deadLetterTopic: topic '" + topic + "' does not exist");
        }
        reader.assign(partitions);
        ends = reader.endOffsets(partitions, config.requestTimeout());
        reader.seekToBeginning(partitions);
        while (!isRead()) {
            poll(this::noteRemoved);
        }
        reader.seekToBeginning(partitions);
    }

    private void noteRemoved(ConsumerRecord<byte[], byte[]> record) {
        String marked = Copies.removed(record);
        if (marked != null) {
            removed.add(record.partition() + "@" + marked);
        }
    }

    /** The next letter that is left, if there is one. */
    @Nullable StoredLetter next() {
        while (read.isEmpty() && !isRead()) {
            poll(record -> {
                StoredLetter letter = new StoredLetter(record);
                if (letter.isOf(topics) && !removed.contains(letter.id())) {
                    read.add(letter);
                }
            });
        }
        return read.poll();
    }

    private boolean isRead() {
        Collection<TopicPartition> partitions = ends.keySet();
        return partitions.stream()
                .allMatch(partition ->
                        reader.position(partition, config.requestTimeout()) >= ends.getOrDefault(partition, 0L));
    }

    private void poll(Consumer<ConsumerRecord<byte[], byte[]>> each) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            if (record.offset() < ends.getOrDefault(partition, 0L)) {
                each.accept(record);
            }
        }
    }

    /** Safe in its topic first, then removed here. */
    void redrive(StoredLetter letter) throws InterruptedException {
        ProducerRecord<byte[], byte[]> copy = letter.redriven(
                producer().partitionsFor(letter.describe().topic()).size());
        answer(producer().send(copy));
        markRemoved(letter);
    }

    void markRemoved(StoredLetter letter) throws InterruptedException {
        answer(producer().send(Copies.removal(letter.record())));
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = connections.producer();
        }
        return producer;
    }

    private void answer(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            sent.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer to a record within " + config.requestTimeout(), e);
        }
    }

    @Override
    public void close() {
        reader.close();
        if (producer != null) {
            producer.close(config.requestTimeout());
        }
    }
}
