package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that are ours, between the thread that polls and those that claim. Thread-safe. */
final class DeliveryBuffer {

    /** Full claims in so quick a succession are worth preparing the next before it is asked for. */
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, AssignedPartition> partitions = new HashMap<>();

    /** Whose turn it is to give first: each partition its share. */
    private final List<AssignedPartition> turns = new ArrayList<>();

    private int span;
    private int waiting;
    private int lastDemand;
    private long lastFull = System.nanoTime() - QUICK_NANOS;
    private boolean hungry;
    private boolean stopped;
    private @Nullable RuntimeException failure;
    private @Nullable Error end;

    /**
     * Empty.
     *
     * @param span how far beyond the first unfinished message of a partition one may be claimed
     */
    DeliveryBuffer(int span) {
        this.span = span;
    }

    // ---- for claims

    /**
     * Up to {@code demand} messages; waits for a first one.
     *
     * @param wake tells the polling thread that somebody wants messages
     */
    List<Claim> claim(int demand, long waitNanos, Runnable wake) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            lastDemand = demand;
            waiting = demand;
            List<Claim> claims = hand(demand);
            long left = waitNanos;
            while (claims.isEmpty() && left > 0 && !stopped) {
                throwFailure();
                wake.run();
                changed.awaitNanos(left);
                claims = hand(demand);
                left = deadline - System.nanoTime();
            }
            throwEnd();
            noteHunger(claims.size() == demand, wake);
            return claims;
        } finally {
            waiting = 0;
            lock.unlock();
        }
    }

    private void noteHunger(boolean full, Runnable wake) {
        long now = System.nanoTime();
        hungry = full && now - lastFull < QUICK_NANOS;
        if (full) {
            lastFull = now;
        }
        if (hungry) {
            wake.run();
        }
    }

    private List<Claim> hand(int demand) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < turns.size() && claims.size() < demand && !stopped; i++) {
            AssignedPartition partition = turns.remove(0);
            turns.add(partition);
            partition.hand(demand, claims);
        }
        return claims;
    }

    private void throwFailure() {
        throwEnd();
        RuntimeException thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    private void throwEnd() {
        if (end != null) {
            throw end;
        }
    }

    void stop() {
        run(() -> stopped = true);
    }

    // ---- for the polling thread

    int span() {
        return locked(() -> span);
    }

    void shrinkSpan(int smaller) {
        run(() -> span = Math.min(span, smaller));
    }

    /** How many messages there should be in all, those that are here included. */
    private int target() {
        boolean stillHungry = hungry && System.nanoTime() - lastFull < QUICK_NANOS;
        return stopped ? 0 : stillHungry ? lastDemand : waiting;
    }

    /** The partitions whose messages are wanted: not those of which no more could be handed out. */
    List<TopicPartition> wanted() {
        return locked(() -> {
            int available = 0;
            for (AssignedPartition partition : turns) {
                available += partition.available(span);
            }
            List<TopicPartition> wanted = new ArrayList<>();
            for (AssignedPartition partition : turns) {
                if (available < target() && !partition.isFull(span)) {
                    wanted.add(partition.partition);
                }
            }
            return wanted;
        });
    }

    /** Says of as many messages as are wanted that they are begun; takes back those that nobody wants any more. */
    void announce() {
        locked(() -> {
            int offered = 0;
            for (AssignedPartition partition : turns) {
                offered += partition.offered();
            }
            if (target() == 0 && offered > 0) {
                turns.forEach(AssignedPartition::takeBack);
            }
            int missing = target() - offered;
            for (AssignedPartition partition : turns) {
                missing -= partition.announce(Math.max(0, missing), span);
            }
            return missing;
        });
    }

    /** Whether a turn of the polling thread would bring a waiting claim something that is here already. */
    boolean hasWork() {
        return locked(() -> {
            int offered = 0;
            int available = 0;
            boolean dirty = false;
            for (AssignedPartition partition : turns) {
                offered += partition.offered();
                available += partition.available(span);
                dirty |= partition.isDirty();
            }
            int target = target();
            return dirty || Math.min(target, available) > offered;
        });
    }

    /** Whether nothing is claimed and nothing will be, and the group knows it all. */
    boolean isDrained() {
        return locked(() -> stopped && turns.stream().allMatch(p -> p.holdsNothing() && !p.isDirty()));
    }

    boolean has(TopicPartition partition) {
        return locked(() -> partitions.containsKey(partition));
    }

    @Nullable AssignedPartition get(TopicPartition partition) {
        return locked(() -> partitions.get(partition));
    }

    void add(AssignedPartition partition) {
        run(() -> {
            partitions.put(partition.partition, partition);
            turns.add(partition);
        });
    }

    List<AssignedPartition> dirty() {
        return locked(() -> turns.stream().filter(AssignedPartition::isDirty).toList());
    }

    /** The next claim call fails, so that the worker learns of it and backs off. */
    void failed(@Nullable RuntimeException problem) {
        run(() -> failure = problem);
    }

    /** All claim calls fail from now on, such that the worker stops. */
    void died(Error problem) {
        run(() -> end = problem);
    }

    /** From now on these hand out nothing; what is claimed in them. */
    List<Claim> withdraw(Collection<TopicPartition> of) {
        return locked(() -> {
            List<Claim> claims = new ArrayList<>();
            for (AssignedPartition partition : known(of)) {
                partition.withdraw();
                claims.addAll(partition.claims());
            }
            return claims;
        });
    }

    boolean holdNothing(Collection<TopicPartition> of) {
        return locked(() -> known(of).stream().allMatch(AssignedPartition::holdsNothing));
    }

    /** What is still held in these was not begun. */
    void letGo(Collection<TopicPartition> of) {
        run(() -> known(of).forEach(AssignedPartition::letGo));
    }

    /** Not ours any more; what was still claimed in them. */
    List<Claim> remove(Collection<TopicPartition> of) {
        return locked(() -> {
            List<Claim> claims = withdraw(of);
            for (AssignedPartition partition : known(of)) {
                partition.close();
                partitions.remove(partition.partition);
                turns.remove(partition);
            }
            return claims;
        });
    }

    List<TopicPartition> all() {
        return locked(() -> List.copyOf(partitions.keySet()));
    }

    private List<AssignedPartition> known(Collection<TopicPartition> of) {
        List<AssignedPartition> known = new ArrayList<>();
        for (TopicPartition partition : of) {
            AssignedPartition found = partitions.get(partition);
            if (found != null) {
                known.add(found);
            }
        }
        return known;
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Changes something, and lets waiting claims see. */
    void run(Runnable action) {
        lock.lock();
        try {
            action.run();
            if (waiting > 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
