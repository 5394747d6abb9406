package dev.claimant.kafka;

import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.OffsetMarks.Marked;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A message of an assigned partition, from the first unfinished one on. Needs the lock of {@link DeliveryBuffer}. */
final class PartitionEntry implements Marked {

    enum State {
        READY,
        /** Waits for its time to come. */
        DELAYED,
        ANNOUNCED,
        OFFERED,
        HELD,
        /** Its try is over as far as the worker is concerned; the group does not know yet. */
        RETURNING,
        DONE
    }

    static final Comparator<PartitionEntry> EARLIEST = Comparator.comparingLong(PartitionEntry::offset);

    /** By differences, since the clock may overflow. */
    static final Comparator<PartitionEntry> DUE_FIRST = (one, other) -> Long.signum(one.dueNanos - other.dueNanos);

    private final long offset;
    private final String topicName;
    private final int triesBefore;
    private final int deathsBefore;
    private final int deaths;
    private final long fenceBefore;
    private @Nullable ConsumerRecord<byte[], byte[]> message;
    private @Nullable KafkaClaim claim;
    private State state;
    private int tries;
    private int delivery;

    /** On the monotonic clock; says something only of a message that waits. */
    private long dueNanos;

    /** On the wall clock, for the next owner of the partition; 0 where the message does not wait, or its copy says it. */
    private long dueSecond;

    /**
     * A message that has just come.
     *
     * @param topicName of its topic, such that one that is made anew has another
     * @param copy what it says of itself, if it is a copy in a retry topic
     * @param mark what the group knows of it
     */
    PartitionEntry(ConsumerRecord<byte[], byte[]> record, String topicName, @Nullable RetryCopy copy, Mark mark) {
        offset = record.offset();
        message = mark.done() ? null : copy == null ? record : copy.original();
        this.topicName = copy == null ? topicName : copy.topicName();
        triesBefore = copy == null ? 0 : copy.tries();
        deathsBefore = copy == null ? 0 : copy.deaths();
        fenceBefore = copy == null ? 0 : copy.fence();
        tries = mark.tries();
        deaths = mark.deaths();
        dueSecond = mark.due();
        long due = Math.max(TimeUnit.SECONDS.toMillis(mark.due()), copy == null ? 0 : copy.due());
        long left = due == 0 ? 0 : due - System.currentTimeMillis();
        dueNanos = left > 0 ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left) : 0;
        state = mark.done() ? State.DONE : left > 0 ? State.DELAYED : State.READY;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public Mark mark() {
        return switch (state) {
            case DONE -> Mark.DONE;
            case READY -> Mark.of(false, tries, deaths);
            case DELAYED, RETURNING -> Mark.waiting(tries, deaths, dueSecond);
            case ANNOUNCED, OFFERED, HELD -> Mark.of(true, tries, deaths);
        };
    }

    String topicName() {
        return topicName;
    }

    int attempt() {
        return triesBefore + tries + 1;
    }

    int deaths() {
        return deathsBefore + deaths;
    }

    int delivery() {
        return triesBefore + delivery;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    boolean isDue(long now) {
        return dueNanos - now <= 0;
    }

    // ---- who has it

    @Nullable KafkaClaim claim() {
        return claim;
    }

    /**
     * Hands it out.
     *
     * @param fence a number that only grows in this partition: a copy's is above all that the message had where it comes from
     */
    KafkaClaim hand(AssignedPartition partition, long fence) {
        state = State.HELD;
        delivery++;
        KafkaClaim handed = new KafkaClaim(Objects.requireNonNull(message), this, partition, fenceBefore + fence);
        claim = handed;
        return handed;
    }

    void takeFromWorker() {
        claim = null;
    }

    /** This many of its tries are over, and it waits for its next one. Said again, the delay does not begin anew. */
    void tried(int inAll, Duration delay) {
        if (state != State.RETURNING) {
            dueNanos = System.nanoTime() + delay.toNanos();
            dueSecond = delay.isZero() ? 0 : OffsetMarks.dueIn(delay);
        }
        tries = inAll - triesBefore;
        state = State.RETURNING;
    }

    /** Comes back, when the delay is over that is known of it. */
    State comesBack() {
        boolean waits = state == State.RETURNING && !isDue(System.nanoTime());
        state = waits ? State.DELAYED : State.READY;
        return state;
    }

    void done() {
        state = State.DONE;
        message = null;
    }
}
