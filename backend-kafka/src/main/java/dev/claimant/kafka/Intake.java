package dev.claimant.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Brings what the client polled into the ledgers. On the polling thread only. */
final class Intake {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;

    Intake(Consumer<byte[], byte[]> consumer, Assignments assignments) {
        this.consumer = consumer;
        this.assignments = assignments;
    }

    /** Begins with partitions that are newly ours, where the group has left off. */
    void takeUp() {
        Set<TopicPartition> added = new HashSet<>(consumer.assignment());
        added.removeIf(assignments::has);
        if (added.isEmpty()) {
            return;
        }
        var committed = Settling.unwoken(() -> consumer.committed(added, ANSWER));
        int epoch = consumer.groupMetadata().generationId();
        for (TopicPartition partition : added) {
            long position = Settling.unwoken(() -> consumer.position(partition, ANSWER));
            OffsetAndMetadata known = committed.get(partition);
            assignments.add(
                    known == null
                            ? new Ledger(partition, epoch, position, -1, new TreeMap<>())
                            : new Ledger(
                                    partition,
                                    epoch,
                                    position,
                                    known.offset(),
                                    Marks.read(known.offset(), known.metadata())));
        }
    }

    /** Answers the partitions in which the group does not know how far we are. */
    Set<Ledger> takeIn(ConsumerRecords<byte[], byte[]> messages) {
        Map<TopicPartition, Long> positions = positions();
        Set<Ledger> behind = new HashSet<>();
        assignments.each(ledger -> {
            messages.records(ledger.partition).forEach(message -> ledger.add(message));
            ledger.reached(positions.getOrDefault(ledger.partition, -1L));
            if (ledger.isBehind()) {
                behind.add(ledger);
            }
        });
        return behind;
    }

    /** Beyond the last message: also past a transaction's marker, which would else count as backlog for ever. */
    private Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        consumer.assignment().forEach(partition -> positions.put(partition, position(partition)));
        return positions;
    }

    private long position(TopicPartition partition) {
        try {
            return Settling.unwoken(() -> consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException e) {
            return -1; // not known yet
        }
    }
}
