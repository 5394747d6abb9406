package dev.claimant.kafka;

import dev.claimant.kafka.PartitionEntry.State;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a partition that nobody has claimed, on their way to be handed out: delayed, ready, announced in the next commit, offered
 * once the broker has taken it. Needs the lock of {@link DeliveryBuffer}.
 */
final class HandoutQueue {

    private final PriorityQueue<PartitionEntry> delayed = new PriorityQueue<>(PartitionEntry.DUE_FIRST);
    private final PriorityQueue<PartitionEntry> ready = new PriorityQueue<>(PartitionEntry.EARLIEST);
    private final List<PartitionEntry> announced = new ArrayList<>();
    private final PriorityQueue<PartitionEntry> offered = new PriorityQueue<>(PartitionEntry.EARLIEST);

    /** One that is ready or delayed. */
    void add(PartitionEntry entry) {
        (entry.state() == State.DELAYED ? delayed : ready).add(entry);
    }

    /** Those whose delay is over are ready; returns whether there were any. */
    boolean promote() {
        if (delayed.isEmpty()) {
            return false;
        }
        long now = System.nanoTime();
        int before = delayed.size();
        while (!delayed.isEmpty() && delayed.element().isDue(now)) {
            makeReady(delayed.remove());
        }
        return delayed.size() < before;
    }

    /** How many of the ready ones are before this offset. */
    int readyBefore(long end) {
        return (int) ready.stream().filter(entry -> entry.offset() < end).count();
    }

    int ready() {
        return ready.size();
    }

    int offered() {
        return offered.size() + announced.size();
    }

    /** The next commit says that these are begun; returns how many. */
    int announce(int count, long end) {
        int said = 0;
        while (said < count && !ready.isEmpty() && ready.element().offset() < end) {
            PartitionEntry entry = ready.remove();
            entry.become(State.ANNOUNCED);
            announced.add(entry);
            said++;
        }
        return said;
    }

    /** The broker has taken the commit. */
    void offer() {
        for (PartitionEntry entry : announced) {
            entry.become(State.OFFERED);
            offered.add(entry);
        }
        announced.clear();
    }

    /** What was announced is ready as before; returns whether there was any. */
    boolean takeBack() {
        boolean any = offered() > 0;
        offered.forEach(this::makeReady);
        offered.clear();
        announced.forEach(this::makeReady);
        announced.clear();
        return any;
    }

    private void makeReady(PartitionEntry entry) {
        entry.become(State.READY);
        ready.add(entry);
    }

    /** The next one to hand out, unless an earlier one waits to be announced: a message that comes back goes before its successors. */
    @Nullable PartitionEntry next() {
        PartitionEntry next = offered.peek();
        boolean isFirst = next != null
                && (ready.isEmpty() || ready.element().offset() > next.offset())
                && announced.stream().noneMatch(earlier -> earlier.offset() < next.offset());
        return isFirst ? offered.remove() : null;
    }
}
