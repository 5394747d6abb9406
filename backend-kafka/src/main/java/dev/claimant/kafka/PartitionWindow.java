package dev.claimant.kafka;

import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.PartitionEntry.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** The messages of a partition that have come, from the first unfinished one on. Needs the lock of {@link DeliveryBuffer}. */
final class PartitionWindow {

    /** In order of offsets; begins with an unfinished one. */
    private final ArrayDeque<PartitionEntry> entries = new ArrayDeque<>();

    private final InheritedMarks inherited;
    private long next;
    private boolean anyCame;

    /** The last message of which there is something to say. */
    private long lastMarked = -1;

    /**
     * Empty.
     *
     * @param next the first offset that will come
     * @param inherited what is known of messages from there on
     */
    PartitionWindow(long next, NavigableMap<Long, Mark> inherited) {
        this.next = next;
        this.inherited = new InheritedMarks(inherited);
    }

    /** Whether this offset is beyond all that came. */
    boolean isNew(long offset) {
        return offset >= next;
    }

    /** Whether the client has gone back to this position of itself, from where it was. */
    boolean isSetBack(long position) {
        return anyCame && position < next;
    }

    /** The message at this offset has come; returns what is known of it. */
    Mark arrived(long offset) {
        anyCame = true;
        next = offset + 1;
        Mark mark = inherited.take(offset);
        if (!mark.isNew()) {
            marked(offset);
        }
        return mark;
    }

    void add(PartitionEntry entry) {
        entries.add(entry);
    }

    /** There is something to say of the message at this offset. */
    void marked(long offset) {
        lastMarked = Math.max(lastMarked, offset);
    }

    /** All before this position has come; returns whether it was unknown. */
    boolean reached(long position) {
        if (position <= next) {
            return false;
        }
        next = position;
        inherited.passed(position);
        return true;
    }

    /** Drops what is done up to the first unfinished message; returns whether there was any. */
    boolean advance() {
        boolean any = false;
        while (!entries.isEmpty() && entries.element().state() == State.DONE) {
            entries.removeFirst();
            any = true;
        }
        return any;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Where the group would go on. */
    long first() {
        return entries.isEmpty() ? next : entries.element().offset();
    }

    /** Whether the span beyond the first unfinished message has all come: more could not be handed out. */
    boolean isFull(int span) {
        return next >= first() + span;
    }

    List<KafkaClaim> claims() {
        List<KafkaClaim> claims = new ArrayList<>();
        for (PartitionEntry entry : entries) {
            KafkaClaim claim = entry.claim();
            if (claim != null) {
                claims.add(claim);
            }
        }
        return claims;
    }

    /** Nobody has begun what is held; returns whether there was any. */
    boolean letGo() {
        boolean any = false;
        for (PartitionEntry entry : entries) {
            if (entry.state() == State.HELD) {
                entry.become(State.READY);
                any = true;
            }
        }
        return any;
    }

    OffsetAndMetadata progress(String tag, int limit) {
        String marks = OffsetMarks.write(first(), inherited.after(entries, lastMarked), limit - tag.length());
        return new OffsetAndMetadata(first(), tag + marks);
    }
}
