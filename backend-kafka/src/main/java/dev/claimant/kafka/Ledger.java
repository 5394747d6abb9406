package dev.claimant.kafka;

import dev.claimant.Message;
import dev.claimant.Verdict;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as it is assigned to us: what is ready, what is claimed, what is done out of order. Needs the lock of
 * {@link Assignments}.
 */
final class Ledger {

    private static final class Entry {
        final Message message;
        int attempt;
        int delivery;

        Entry(Message message, int attempt) {
            this.message = message;
            this.attempt = attempt;
        }
    }

    private record Held(Entry entry, KafkaClaim claim) {}

    final TopicPartition partition;
    private final int epoch;
    private final TreeMap<Long, Entry> ready = new TreeMap<>();
    private final TreeMap<Long, Held> held = new TreeMap<>();
    private final NavigableMap<Long, Integer> marks;
    private long next;
    private long committed;
    private int handedOut;
    private boolean withdrawn;
    private boolean over;

    /**
     * A partition just assigned.
     *
     * @param epoch the group's, at the assignment
     * @param next the first offset that will come
     * @param committed what the group knows; negative when nothing
     * @param marks what is known of messages from there on
     */
    Ledger(TopicPartition partition, int epoch, long next, long committed, NavigableMap<Long, Integer> marks) {
        this.partition = partition;
        this.epoch = epoch;
        this.next = next;
        this.committed = committed;
        this.marks = marks;
    }

    void add(ConsumerRecord<byte[], byte[]> message) {
        next = message.offset() + 1;
        Integer mark = marks.get(message.offset());
        if (mark == null || mark != Marks.DONE) {
            ready.put(message.offset(), new Entry(Messages.read(message), mark == null ? 1 : mark + 1));
        }
    }

    /** All before it has come, markers that no consumer sees included. */
    void reached(long position) {
        next = Math.max(next, position);
    }

    int ready() {
        return withdrawn ? 0 : ready.size();
    }

    boolean holdsNothing() {
        return held.isEmpty();
    }

    List<KafkaClaim> claims() {
        return held.values().stream().map(Held::claim).toList();
    }

    /** The earliest that are ready, so that a message that comes back goes before its successors. */
    void hand(int count, List<? super KafkaClaim> claims) {
        if (withdrawn) {
            return;
        }
        long end = first() + Marks.SPAN;
        Iterator<Map.Entry<Long, Entry>> earliest = ready.entrySet().iterator();
        for (int i = 0; i < count && earliest.hasNext(); i++) {
            Map.Entry<Long, Entry> candidate = earliest.next();
            long offset = candidate.getKey();
            if (offset >= end) {
                return;
            }
            earliest.remove();
            Entry entry = candidate.getValue();
            long fence = ((long) epoch << 32) + ++handedOut;
            KafkaClaim claim = new KafkaClaim(entry.message, entry.attempt, ++entry.delivery, fence, this, offset);
            held.put(offset, new Held(entry, claim));
            claims.add(claim);
        }
    }

    /** What a settlement or renewal of this claim comes to as far as we know: APPLIED means that it is ours. */
    Verdict standing(KafkaClaim claim, boolean repeated) {
        if (over) {
            return Verdict.LOST;
        }
        Held mine = held.get(claim.offset());
        boolean ours = mine != null && mine.claim() == claim;
        return ours || (repeated && claim.ended()) ? Verdict.APPLIED : Verdict.LOST;
    }

    void done(KafkaClaim claim) {
        if (remove(claim) != null) {
            marks.put(claim.offset(), Marks.DONE);
        }
    }

    /** So many tries are over; comes back only when the group knows. */
    void tried(KafkaClaim claim, int tries) {
        if (tries > 0) {
            marks.put(claim.offset(), tries);
        }
    }

    /** Comes back at once, to whoever has the partition. */
    void back(KafkaClaim claim) {
        Entry entry = remove(claim);
        if (entry != null) {
            entry.attempt = marks.getOrDefault(claim.offset(), 0) + 1;
            ready.put(claim.offset(), entry);
        }
    }

    @SuppressWarnings("NullAway") // absent means that it was not ours
    private Entry remove(KafkaClaim claim) {
        Held mine = held.get(claim.offset());
        if (over || mine == null || mine.claim() != claim) {
            return null;
        }
        claim.end();
        held.remove(claim.offset());
        return mine.entry();
    }

    /** Where the group would go on if we were gone, and what it would leave out. */
    OffsetAndMetadata progress() {
        long first = first();
        marks.headMap(first).clear();
        return new OffsetAndMetadata(first, Marks.write(first, marks));
    }

    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** Whether the group should be told how far we are, though no settlement says so: KEDA counts what nobody committed. */
    boolean isBehind() {
        return committed < 0 || (held.isEmpty() && ready.isEmpty() && committed < next);
    }

    private long first() {
        long first = next;
        first = ready.isEmpty() ? first : Math.min(first, ready.firstKey());
        return held.isEmpty() ? first : Math.min(first, held.firstKey());
    }

    /** Hands out no more. */
    void withdraw() {
        withdrawn = true;
    }

    /** Not ours any more, and nothing in it. */
    void close() {
        over = true;
    }
}
