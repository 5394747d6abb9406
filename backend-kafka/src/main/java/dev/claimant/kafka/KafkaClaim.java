package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * A message claimed from a Kafka partition. Its fencing number is made of the group's epoch and a count: it grows for a message for as
 * long as the group exists; a group that Kafka has forgotten (empty, and all its offsets expired) begins anew.
 */
public final class KafkaClaim extends Claim {

    private final ConsumerRecord<byte[], byte[]> record;
    private final PartitionEntry entry;
    private final AssignedPartition partition;
    private volatile boolean ended;
    private volatile boolean committed;
    private volatile boolean lost;
    private volatile @Nullable Copy copy;

    KafkaClaim(
            ConsumerRecord<byte[], byte[]> record,
            PartitionEntry entry,
            AssignedPartition partition,
            long fencingNumber) {
        super(
                Messages.read(record, entry.topicName()),
                entry.attempt(),
                entry.delivery(),
                entry.deaths(),
                NO_EXPIRY,
                fencingNumber);
        this.record = record;
        this.entry = entry;
        this.partition = partition;
    }

    /**
     * The record as it came: topic, partition and offset, key and headers to the byte, and what its timestamp means. A message that waited in
     * a retry topic shows the record that it was first. A record without a value is a message with an empty body and the header {@code
     * claimant-null-value}.
     */
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    PartitionEntry entry() {
        return entry;
    }

    AssignedPartition assignment() {
        return partition;
    }

    /** Whether a settlement of it was begun: another one is either a repetition or too late. */
    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Whether the group knows how it ended. */
    boolean isCommitted() {
        return committed;
    }

    void commit() {
        committed = true;
    }

    /** Whether the worker was told that it is lost: it stays so. */
    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** The copy of it in another topic, or on its way there: a repeated settlement sends no second one. */
    @Nullable Copy copy() {
        return copy;
    }

    void copy(@Nullable Copy sent) {
        copy = sent;
    }

    /** A copy that was sent. */
    record Copy(String topic, Future<?> sent) {

        /** Whether the topic has it. */
        boolean isWritten() {
            return sent.isDone() && failure() == null;
        }

        /** Whether it was refused because no such topic takes it, however often it is sent. */
        boolean isTooLarge() {
            return sent.isDone() && failure() instanceof RecordTooLargeException;
        }

        private @Nullable Throwable failure() {
            try {
                sent.get();
                return null;
            } catch (InterruptedException | ExecutionException e) {
                return e.getCause() == null ? e : e.getCause();
            }
        }
    }
}
