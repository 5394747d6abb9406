package dev.claimant.kafka;

import dev.claimant.kafka.PartitionEntry.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a partition that nobody has claimed, on their way to be handed out: delayed, ready, announced in a commit, offered
 * once the broker has taken it. Needs the lock of {@link DeliveryBuffer}.
 */
final class HandoutQueue {

    /** Those that one commit announces. */
    private static final class Announced {
        final List<PartitionEntry> entries = new ArrayList<>();
        long first = Long.MAX_VALUE;

        /** The number of the commit; 0 until it is made. */
        int number;

        void add(PartitionEntry entry) {
            entry.become(State.ANNOUNCED);
            entries.add(entry);
            first = Math.min(first, entry.offset());
        }
    }

    private final PriorityQueue<PartitionEntry> delayed = new PriorityQueue<>(PartitionEntry.DUE_FIRST);
    private final PriorityQueue<PartitionEntry> ready = new PriorityQueue<>(PartitionEntry.EARLIEST);

    /** By the commits under way, the earliest first, and by the next one. */
    private final ArrayDeque<Announced> announced = new ArrayDeque<>();

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
        int all = offered.size();
        for (Announced each : announced) {
            all += each.entries.size();
        }
        return all;
    }

    /** The next commit says that these are begun; returns how many. */
    int announce(int count, long end) {
        int said = 0;
        while (said < count && !ready.isEmpty() && ready.element().offset() < end) {
            if (announced.isEmpty() || announced.getLast().number > 0) {
                announced.add(new Announced());
            }
            announced.getLast().add(ready.remove());
            said++;
        }
        return said;
    }

    /** What was announced is in the commit with this number. */
    void sent(int number) {
        if (!announced.isEmpty() && announced.getLast().number == 0) {
            announced.getLast().number = number;
        }
    }

    /** The broker has taken the commit with this number, and with it all that those before it said. */
    void offer(int number) {
        while (!announced.isEmpty() && announced.element().number > 0 && announced.element().number <= number) {
            for (PartitionEntry entry : announced.remove().entries) {
                entry.become(State.OFFERED);
                offered.add(entry);
            }
        }
    }

    /** What was announced is ready as before; returns whether there was any. */
    boolean takeBack() {
        boolean any = offered() > 0;
        offered.forEach(this::makeReady);
        offered.clear();
        announced.forEach(each -> each.entries.forEach(this::makeReady));
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
                && announced.stream().noneMatch(each -> each.first < next.offset());
        return isFirst ? offered.remove() : null;
    }
}
