package dev.claimant.kafka;

import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.OffsetMarks.Marked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;

/** What an earlier owner of a partition has said of messages that have not come yet. Needs the lock of {@link DeliveryBuffer}. */
final class InheritedMarks {

    private record Inherited(long offset, Mark mark) implements Marked {}

    private final NavigableMap<Long, Mark> marks;

    InheritedMarks(NavigableMap<Long, Mark> marks) {
        this.marks = marks;
    }

    /** What is known of the message at this offset, which has come. */
    Mark take(long offset) {
        passed(offset);
        Mark mark = marks.remove(offset);
        return mark == null ? Mark.NEW : mark.inherited();
    }

    /** No message before this offset will come. */
    void passed(long offset) {
        if (!marks.isEmpty()) {
            marks.headMap(offset, false).clear();
        }
    }

    /**
     * Those that have come and those that have not.
     *
     * @param last there is nothing to say of those that have come after this one
     */
    Iterable<? extends Marked> after(Collection<? extends Marked> come, long last) {
        List<Marked> all = new ArrayList<>();
        for (Marked each : come) {
            if (each.offset() > last) {
                break;
            }
            all.add(each);
        }
        marks.forEach((offset, mark) -> all.add(new Inherited(offset, mark.inherited())));
        return all;
    }
}
