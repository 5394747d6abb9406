package dev.claimant.kafka;

import dev.claimant.Verdict;
import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.PartitionEntry.State;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
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

    final TopicPartition partition;
    private final Assignment assignment;
    private final PartitionWindow window;
    private final HandoutQueue queue = new HandoutQueue();
    private final SpanWatch watch = new SpanWatch();

    private int held;
    private int handedOut;

    /** Whether there is something that no commit has said. */
    private boolean dirty;

    private boolean withdrawn;
    private boolean over;

    /** When the latest message that came is due in its tier, on the monotonic clock. */
    private long tierDueNanos;

    /**
     * A partition just assigned.
     *
     * @param next the first offset that will come
     * @param isKnown whether the group knows it as such
     * @param inherited what is known of messages from there on
     */
    AssignedPartition(Assignment assignment, long next, boolean isKnown, NavigableMap<Long, Mark> inherited) {
        this.assignment = assignment;
        this.partition = assignment.partition();
        this.window = new PartitionWindow(next, inherited);
        this.dirty = !isKnown;
    }

    String group() {
        return assignment.group();
    }

    boolean isOfOldTopic(String name) {
        return assignment.isOfOldTopic(name);
    }

    // ---- what comes

    /** Whether this offset is beyond all that came: where one is not, the topic was made anew, or its log was cut. */
    boolean isNew(long offset) {
        return window.isNew(offset);
    }

    /** Whether the client has gone back to this position, for the same reasons. */
    boolean isSetBack(long position) {
        return window.isSetBack(position);
    }

    void add(ConsumerRecord<byte[], byte[]> message) {
        Mark mark = window.arrived(message.offset());
        RetryTier tier = assignment.tier();
        RetryCopy copy = tier == null ? null : RetryCopy.read(message).orElse(null);
        PartitionEntry entry = new PartitionEntry(message, assignment.topicName(), copy, mark);
        window.add(entry);
        if (entry.state() == State.DONE) {
            dirty |= window.advance();
        } else {
            queue.add(entry);
        }
        if (tier != null) {
            tierDueNanos = tier.dueNanos(message);
        }
    }

    /** Whether the next messages of a retry topic are not due: they lie there in the order in which they become so. */
    boolean isTooEarly() {
        return assignment.tier() != null && !window.isEmpty() && tierDueNanos - System.nanoTime() > 0;
    }

    /** All before it has come, markers and gaps that no consumer sees included. */
    void reached(long position) {
        dirty |= window.reached(position) && window.isEmpty();
    }

    boolean isFull(int span) {
        return window.isFull(span);
    }

    /** Returns what to report, once, if it has been full for long: the first unfinished message holds all others back. */
    @Nullable String heldBack(int span, long now) {
        boolean isNews = watch.note(isFull(span) && !isTooEarly(), now);
        return isNews ? partition + "@" + window.first() : null;
    }

    /** Whether it was full when it was last looked at. */
    boolean isHeldBack() {
        return watch.isFull();
    }

    /** For how long it had been full then; beyond all times if it was not. */
    long fullNanos(long now) {
        return watch.fullNanos(now);
    }

    // ---- what is handed out

    /** What can be handed out, at once or after the next commit. */
    int available(int span) {
        if (withdrawn) {
            return 0;
        }
        dirty |= queue.promote();
        int ready = isFull(span) ? queue.readyBefore(window.first() + span) : queue.ready();
        return ready + queue.offered();
    }

    int offered() {
        return queue.offered();
    }

    /** The next commit says that these are begun; returns how many. */
    int announce(int count, int span) {
        dirty |= queue.promote();
        int begun = withdrawn ? 0 : queue.announce(count, window.first() + span, window::marked);
        dirty |= begun > 0;
        return begun;
    }

    /** The worker wants no more for now: nobody has begun what it was not given. */
    void takeBack() {
        dirty |= queue.takeBack();
    }

    void hand(int count, List<? super KafkaClaim> claims) {
        while (!withdrawn && claims.size() < count) {
            PartitionEntry entry = queue.next();
            if (entry == null) {
                return;
            }
            claims.add(entry.hand(this, ((long) assignment.epoch() << 32) + ++handedOut));
            held++;
        }
    }

    boolean holdsNothing() {
        return held == 0;
    }

    List<KafkaClaim> claims() {
        return window.claims();
    }

    // ---- how it ends

    /** What a settlement or renewal comes to as far as we know: APPLIED means that the claim is ours. */
    Verdict standing(KafkaClaim claim, boolean repeated) {
        if (repeated && claim.isCommitted()) {
            return Verdict.APPLIED;
        }
        boolean ours = claim.entry().claim() == claim || (repeated && claim.isEnded());
        return ours && !over && !claim.isLost() ? Verdict.APPLIED : Verdict.LOST;
    }

    void done(KafkaClaim claim) {
        if (end(claim)) {
            claim.entry().done();
            dirty = true;
            window.advance();
        }
    }

    /** Not begun any more, this many tries being over; comes back, after the delay, only when the group knows. */
    void tried(KafkaClaim claim, int tries, Duration delay) {
        claim.entry().tried(tries, delay);
        dirty = true;
    }

    /** Comes back to the owner of the partition. */
    void back(KafkaClaim claim) {
        if (end(claim)) {
            claim.entry().comesBack();
            queue.add(claim.entry());
            dirty |= claim.entry().state() == State.READY;
        }
    }

    private boolean end(KafkaClaim claim) {
        if (over || claim.entry().claim() != claim) {
            return false;
        }
        claim.end();
        claim.entry().takeFromWorker();
        held--;
        return true;
    }

    // ---- what the group is told

    boolean isDirty() {
        return dirty;
    }

    /** What the next commit says: where the group would go on if we were gone, and what it would know. */
    OffsetAndMetadata say(int limit) {
        dirty = false;
        return window.progress(TopicTag.of(assignment), limit);
    }

    /** The broker has taken the commit. */
    void committed() {
        queue.offer();
    }

    /** The next commit says it again. */
    void notCommitted() {
        dirty = true;
    }

    /** Hands out no more; what was not handed out nobody has begun. */
    void withdraw() {
        takeBack();
        withdrawn = true;
    }

    /** What is still held here nobody has begun either: it is taken away, its worker has not died of it. */
    void letGo() {
        dirty |= window.letGo();
    }

    /** Not ours any more, and nothing in it. */
    void close() {
        over = true;
    }
}
