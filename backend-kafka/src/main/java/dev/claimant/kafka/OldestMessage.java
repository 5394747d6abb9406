package dev.claimant.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the oldest unfinished message was enqueued. Brokers do not tell that of an offset, so the first unfinished record of each partition is
 * read. Connects with the first question. Thread-safe.
 */
final class OldestMessage implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OldestMessage.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofMillis(500);

    private final KafkaConfig config;
    private final Connections connections;
    private @Nullable Consumer<byte[], byte[]> reader;
    private boolean closed;

    OldestMessage(KafkaConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /**
     * Absent where there is none, or where not all partitions gave their record soon.
     *
     * @param firstUnfinished of each partition that has unfinished messages, its offset
     */
    synchronized Optional<Instant> enqueuedAt(Map<TopicPartition, Long> firstUnfinished) {
        if (firstUnfinished.isEmpty() || closed) {
            return Optional.empty();
        }
        try {
            return read(connected(), firstUnfinished);
        } catch (KafkaException e) {
            log.debug("the age of the oldest message is not known", e);
            return Optional.empty();
        }
    }

    private Optional<Instant> read(Consumer<byte[], byte[]> from, Map<TopicPartition, Long> firstUnfinished) {
        long oldest = Long.MAX_VALUE;
        Set<TopicPartition> missing = new HashSet<>(firstUnfinished.keySet());
        from.assign(missing);
        firstUnfinished.forEach(from::seek);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        for (long left = PATIENCE.toNanos(); !missing.isEmpty() && left > 0; left = giveUp - System.nanoTime()) {
            for (ConsumerRecord<byte[], byte[]> record : from.poll(Duration.ofNanos(left))) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (missing.remove(partition)) {
                    oldest = Math.min(oldest, timeOf(record));
                    from.pause(Set.of(partition));
                }
            }
        }
        from.unsubscribe();
        return missing.isEmpty() && oldest >= 0 ? Optional.of(Instant.ofEpochMilli(oldest)) : Optional.empty();
    }

    private long timeOf(ConsumerRecord<byte[], byte[]> record) {
        return config.retryTiers().of(record.topic()) == null
                ? record.timestamp()
                : RetryCopy.read(record)
                        .map(copy -> copy.original().timestamp())
                        .orElse(record.timestamp());
    }

    private Consumer<byte[], byte[]> connected() {
        if (reader == null) {
            reader = connections.reader(Map.of("max.partition.fetch.bytes", "1", "max.poll.records", "1"));
        }
        return reader;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (reader != null) {
            reader.close(CloseOptions.timeout(CLOSE));
        }
    }
}
