package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message claimed from a Kafka partition. Its fencing number is made of the group's epoch and a count: it grows for a message for as
 * long as the group exists; a group that Kafka has forgotten (empty, and all its offsets expired) begins anew.
 */
public final class KafkaClaim extends Claim {

    private final ConsumerRecord<byte[], byte[]> record;
    private final AssignedPartition.Entry entry;
    private final AssignedPartition partition;
    private volatile boolean ended;
    private volatile boolean committed;
    private volatile boolean lost;
    private volatile @Nullable Future<?> copy;

    KafkaClaim(
            ConsumerRecord<byte[], byte[]> record,
            String topic,
            AssignedPartition.Entry entry,
            AssignedPartition partition,
            long fencingNumber) {
        super(
                Messages.read(record, topic),
                entry.tries() + 1,
                entry.delivery(),
                entry.deaths(),
                NO_EXPIRY,
                fencingNumber);
        this.record = record;
        this.entry = entry;
        this.partition = partition;
    }

    /**
     * The record as it came: topic, partition and offset, key and headers to the byte, and what its timestamp means. A record without a
     * value is a message with an empty body and the header {@code claimant-null-value}.
     */
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    AssignedPartition.Entry entry() {
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

    /** The copy of it that is among the dead or on its way there: a repeated settlement sends no second one. */
    @Nullable Future<?> copy() {
        return copy;
    }

    void copy(@Nullable Future<?> sent) {
        copy = sent;
    }
}
