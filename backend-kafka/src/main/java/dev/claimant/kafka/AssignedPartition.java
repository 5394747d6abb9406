package dev.claimant.kafka;

import dev.claimant.Verdict;
import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.OffsetMarks.Marked;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition for as long as it is assigned to us: what is ready, what is claimed, what is done out of order. A message is handed out
 * only after a commit has said that it is begun: the tries of a worker that dies are known to the next one. Needs the lock of
 * {@link DeliveryBuffer}.
 */
final class AssignedPartition {

    private enum State {
        READY,
        ANNOUNCED,
        OFFERED,
        HELD,
        RETURNING,
        DONE
    }

    /** A message from the first unfinished one on. */
    static final class Entry implements Marked {
        private final long offset;
        private @Nullable ConsumerRecord<byte[], byte[]> message;
        private State state;
        private int tries;
        private final int deaths;
        private int delivery;
        private @Nullable KafkaClaim claim;

        private Entry(ConsumerRecord<byte[], byte[]> message, Mark mark) {
            this.offset = message.offset();
            this.message = mark.done() ? null : message;
            this.tries = mark.tries();
            this.deaths = mark.deaths();
            this.state = mark.done() ? State.DONE : State.READY;
        }

        @Override
        public long offset() {
            return offset;
        }

        int tries() {
            return tries;
        }

        int deaths() {
            return deaths;
        }

        int delivery() {
            return delivery;
        }

        @Override
        public Mark mark() {
            if (state == State.DONE) {
                return Mark.DONE;
            }
            return Mark.of(state != State.READY && state != State.RETURNING, tries, deaths);
        }
    }

    private record Inherited(long offset, Mark mark) implements Marked {}

    private static final Comparator<Entry> EARLIEST = Comparator.comparingLong(Entry::offset);

    final TopicPartition partition;
    private final String name;
    private final int epoch;

    /** In order of offsets; begins with an unfinished one. */
    private final ArrayDeque<Entry> window = new ArrayDeque<>();

    private final PriorityQueue<Entry> ready = new PriorityQueue<>(EARLIEST);
    private final List<Entry> announced = new ArrayList<>();
    private final PriorityQueue<Entry> offered = new PriorityQueue<>(EARLIEST);

    /** What an earlier owner has said of messages that have not come yet. */
    private final NavigableMap<Long, Mark> inherited;

    private long next;
    private int held;
    private int handedOut;
    private boolean dirty;
    private boolean withdrawn;
    private boolean over;

    /**
     * A partition just assigned.
     *
     * @param name of the topic, such that one that is made anew has another
     * @param epoch the group's, at the assignment
     * @param next the first offset that will come
     * @param isKnown whether the group knows it as such
     * @param inherited what is known of messages from there on
     */
    AssignedPartition(
            TopicPartition partition,
            String name,
            int epoch,
            long next,
            boolean isKnown,
            NavigableMap<Long, Mark> inherited) {
        this.partition = partition;
        this.name = name;
        this.epoch = epoch;
        this.next = next;
        this.dirty = !isKnown;
        this.inherited = inherited;
    }

    // ---- what comes

    /** Whether this offset is beyond all that came: one that is not belongs to a topic that was made anew. */
    boolean isNew(long offset) {
        return offset >= next;
    }

    void add(ConsumerRecord<byte[], byte[]> message) {
        next = message.offset() + 1;
        inherited.headMap(message.offset(), false).clear();
        Mark mark = inherited.remove(message.offset());
        Entry entry = new Entry(message, mark == null ? Mark.NEW : mark.inherited());
        window.add(entry);
        if (entry.state == State.READY) {
            ready.add(entry);
        } else {
            advance();
        }
    }

    /** All before it has come, markers and gaps that no consumer sees included. */
    void reached(long position) {
        if (position > next) {
            next = position;
            inherited.headMap(position, false).clear();
            dirty |= window.isEmpty();
        }
    }

    private void advance() {
        while (!window.isEmpty() && window.peekFirst().state == State.DONE) {
            window.removeFirst();
            dirty = true;
        }
    }

    private long first() {
        return window.isEmpty() ? next : window.element().offset();
    }

    /** Whether the span beyond the first unfinished message has all come: more could not be handed out. */
    boolean isFull(int span) {
        return next >= first() + span;
    }

    // ---- what is handed out

    /** What can be handed out, at once or after the next commit. */
    int available(int span) {
        if (withdrawn) {
            return 0;
        }
        int waiting = ready.size();
        if (isFull(span)) {
            long end = first() + span;
            waiting = (int) ready.stream().filter(entry -> entry.offset() < end).count();
        }
        return waiting + announced.size() + offered.size();
    }

    int offered() {
        return offered.size() + announced.size();
    }

    /** The next commit says that these are begun; returns how many. */
    int announce(int count, int span) {
        long end = first() + span;
        int said = 0;
        while (!withdrawn && said < count && !ready.isEmpty() && ready.element().offset() < end) {
            Entry entry = ready.remove();
            entry.state = State.ANNOUNCED;
            announced.add(entry);
            said++;
        }
        dirty |= said > 0;
        return said;
    }

    /** The worker wants no more for now: nobody has begun what it was not given. */
    void takeBack() {
        offered.forEach(this::makeReady);
        offered.clear();
        announced.forEach(this::makeReady);
        announced.clear();
    }

    private void makeReady(Entry entry) {
        entry.state = State.READY;
        ready.add(entry);
        dirty = true;
    }

    /** The earliest, so that a message that comes back goes before its successors. */
    void hand(int count, List<? super KafkaClaim> claims) {
        while (!withdrawn && claims.size() < count && !offered.isEmpty() && isFirst(offered.element())) {
            Entry entry = offered.remove();
            entry.state = State.HELD;
            entry.delivery++;
            held++;
            long fence = ((long) epoch << 32) + ++handedOut;
            KafkaClaim claim = new KafkaClaim(Objects.requireNonNull(entry.message), name, entry, this, fence);
            entry.claim = claim;
            claims.add(claim);
        }
    }

    /** Whether no earlier one waits to be announced. */
    private boolean isFirst(Entry entry) {
        return (ready.isEmpty() || ready.element().offset() > entry.offset())
                && announced.stream().noneMatch(earlier -> earlier.offset() < entry.offset());
    }

    boolean holdsNothing() {
        return held == 0;
    }

    List<KafkaClaim> claims() {
        List<KafkaClaim> claims = new ArrayList<>(held);
        for (Entry entry : window) {
            if (entry.claim != null) {
                claims.add(entry.claim);
            }
        }
        return claims;
    }

    // ---- how it ends

    /** What a settlement or renewal of this claim comes to as far as we know: APPLIED means that it is ours. */
    Verdict standing(KafkaClaim claim, boolean repeated) {
        if (repeated && claim.isCommitted()) {
            return Verdict.APPLIED;
        }
        boolean ours = claim.entry().claim == claim || (repeated && claim.isEnded());
        return ours && !over && !claim.isLost() ? Verdict.APPLIED : Verdict.LOST;
    }

    void done(KafkaClaim claim) {
        if (end(claim)) {
            claim.entry().state = State.DONE;
            claim.entry().message = null;
            dirty = true;
            advance();
        }
    }

    /** Not begun any more, this many tries being over; comes back only when the group knows. */
    void tried(KafkaClaim claim, int tries) {
        claim.entry().tries = tries;
        claim.entry().state = State.RETURNING;
        dirty = true;
    }

    /** Comes back at once, to the owner of the partition. */
    void back(KafkaClaim claim) {
        if (end(claim)) {
            makeReady(claim.entry());
        }
    }

    private boolean end(KafkaClaim claim) {
        if (over || claim.entry().claim != claim) {
            return false;
        }
        claim.end();
        claim.entry().claim = null;
        held--;
        return true;
    }

    // ---- what the group is told

    boolean isDirty() {
        return dirty;
    }

    /** Where the group would go on if we were gone, and what it would know. */
    OffsetAndMetadata progress(int limit) {
        long first = first();
        Iterable<? extends Marked> marked = window;
        if (!inherited.isEmpty()) {
            List<Marked> all = new ArrayList<>(window);
            inherited.forEach((offset, mark) -> all.add(new Inherited(offset, mark.inherited())));
            marked = all;
        }
        return new OffsetAndMetadata(first, OffsetMarks.write(first, marked, limit));
    }

    /** The group knows all that {@link #progress} said. */
    void committed() {
        dirty = false;
        for (Entry entry : announced) {
            entry.state = State.OFFERED;
            offered.add(entry);
        }
        announced.clear();
    }

    /** Hands out no more; what was not handed out nobody has begun. */
    void withdraw() {
        takeBack();
        withdrawn = true;
    }

    /** What is still held here nobody has begun either: it is taken away, its worker has not died of it. */
    void letGo() {
        for (Entry entry : window) {
            if (entry.state == State.HELD) {
                entry.state = State.READY;
                dirty = true;
            }
        }
    }

    /** Not ours any more, and nothing in it. */
    void close() {
        over = true;
    }
}
