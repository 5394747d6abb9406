package dev.claimant.kafka;

import dev.claimant.kafka.PartitionEntry.State;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a partition that nobody has claimed, on their way to be handed out: delayed, ready, announced in the next commit, offered
 * once the broker has taken it. Needs the lock of {@link DeliveryBuffer}.
 */
final class HandoutQueue {

    private final PriorityQueue<PartitionEntry> delayed = new PriorityQueue<>(PartitionEntry.DUE_FIRST);
    private final OffsetQueue ready = new OffsetQueue();
    private final OffsetQueue announced = new OffsetQueue();
    private final OffsetQueue offered = new OffsetQueue();

    /** One that is ready or delayed. */
    void add(PartitionEntry entry) {
        if (entry.state() == State.DELAYED) {
            delayed.add(entry);
        } else {
            ready.add(entry);
        }
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
        return ready.before(end);
    }

    int ready() {
        return ready.size();
    }

    int offered() {
        return offered.size() + announced.size();
    }

    /**
     * The next commit says that these are begun; returns how many.
     *
     * @param end only those before this offset
     * @param marked is given their offsets
     */
    int announce(int count, long end, LongConsumer marked) {
        int begun = 0;
        for (PartitionEntry next = ready.first();
                begun < count && next != null && next.offset() < end;
                next = ready.first()) {
            ready.removeFirst(next);
            next.become(State.ANNOUNCED);
            announced.add(next);
            marked.accept(next.offset());
            begun++;
        }
        return begun;
    }

    /** The broker has taken the commit. */
    void offer() {
        for (PartitionEntry entry : announced.removeAll()) {
            entry.become(State.OFFERED);
            offered.add(entry);
        }
    }

    /** What was announced is ready as before; returns whether there was any. */
    boolean takeBack() {
        boolean any = offered() > 0;
        offered.removeAll().forEach(this::makeReady);
        announced.removeAll().forEach(this::makeReady);
        return any;
    }

    private void makeReady(PartitionEntry entry) {
        entry.become(State.READY);
        ready.add(entry);
    }

    /** The next one to hand out, unless an earlier one waits to be announced: a message that comes back goes before its successors. */
    @Nullable PartitionEntry next() {
        PartitionEntry next = offered.first();
        if (next == null || !ready.isBeyond(next.offset()) || !announced.isBeyond(next.offset())) {
            return null;
        }
        offered.removeFirst(next);
        return next;
    }
}
