package dev.claimant.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Messages of a partition by their offsets. Nearly all come in that order, and need no heap. Needs the lock of {@link DeliveryBuffer}. */
final class OffsetQueue {

    private final ArrayDeque<PartitionEntry> inOrder = new ArrayDeque<>();

    /** Those that came after one with a higher offset. */
    private final PriorityQueue<PartitionEntry> late = new PriorityQueue<>(PartitionEntry.EARLIEST);

    void add(PartitionEntry entry) {
        PartitionEntry last = inOrder.peekLast();
        if (last == null || last.offset() < entry.offset()) {
            inOrder.addLast(entry);
        } else {
            late.add(entry);
        }
    }

    int size() {
        return inOrder.size() + late.size();
    }

    /** The one with the lowest offset. */
    @Nullable PartitionEntry first() {
        PartitionEntry first = inOrder.peekFirst();
        return late.isEmpty()
                        || (first != null && first.offset() < late.element().offset())
                ? first
                : late.element();
    }

    /** It goes; it must have been {@link #first} just now. */
    void removeFirst(PartitionEntry first) {
        if (first == inOrder.peekFirst()) {
            inOrder.removeFirst();
        } else {
            late.remove();
        }
    }

    /** Whether all are beyond this offset, if there are any. */
    boolean isBeyond(long offset) {
        PartitionEntry first = first();
        return first == null || first.offset() > offset;
    }

    /** How many are before this offset. */
    int before(long end) {
        int count = 0;
        for (PartitionEntry entry : inOrder) {
            if (entry.offset() >= end) {
                break;
            }
            count++;
        }
        for (PartitionEntry entry : late) {
            count += entry.offset() < end ? 1 : 0;
        }
        return count;
    }

    /** All of them, in no order; it is empty then. */
    List<PartitionEntry> removeAll() {
        List<PartitionEntry> all = new ArrayList<>(inOrder);
        all.addAll(late);
        inOrder.clear();
        late.clear();
        return all;
    }
}
