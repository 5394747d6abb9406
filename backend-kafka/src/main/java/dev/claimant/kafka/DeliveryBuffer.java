package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The messages of our partitions, of all groups, between the threads that poll and those that claim. Thread-safe. */
final class DeliveryBuffer {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition given = lock.newCondition();
    private final ClaimDemand demanded = new ClaimDemand();

    /** One for each group; whose turn it is to give first. */
    private final List<AssignedPartitions> groups = new ArrayList<>();

    private boolean stopped;
    private @Nullable RuntimeException failure;
    private @Nullable Error end;

    /** The part of one more group. Before the first claim. */
    GroupBuffer group(int span) {
        AssignedPartitions partitions = new AssignedPartitions(span);
        groups.add(partitions);
        return new GroupBuffer(this, partitions);
    }

    /** The worker could not join them, and may try again. */
    void forgetGroups() {
        run(groups::clear);
    }

    // ---- for claims

    /**
     * Up to {@code demand} messages; waits for a first one.
     *
     * @param wake tells the polling threads that somebody wants messages
     */
    List<Claim> claim(int demand, long waitNanos, Runnable wake) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            demanded.begin(demand);
            List<Claim> claims = hand(demand);
            long left = waitNanos;
            if (claims.isEmpty()) {
                wake.run();
            }
            while (claims.isEmpty() && left > 0 && !stopped) {
                throwFailure();
                changed.awaitNanos(left);
                claims = hand(demand);
                left = deadline - System.nanoTime();
            }
            throwEnd();
            if (demanded.noteClaimed(claims.size())) {
                wake.run();
            }
            return claims;
        } finally {
            demanded.end();
            lock.unlock();
        }
    }

    private List<Claim> hand(int demand) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < groups.size() && claims.size() < demand && !stopped; i++) {
            AssignedPartitions group = groups.remove(0);
            groups.add(group);
            group.hand(demand, claims);
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
        run(() -> {
            stopped = true;
            given.signalAll();
        });
    }

    /** How many partitions were full when they were last looked at. */
    int heldBack() {
        return locked(() -> groups.stream()
                .mapToInt(group -> group.sum(partition -> partition.isHeldBack() ? 1 : 0))
                .sum());
    }

    // ---- for the groups

    /** How many messages there should be in all, those that are here included. */
    int target() {
        return stopped ? 0 : demanded.target();
    }

    /** How many more messages this group should announce: where others have some, too, it leaves them their share. */
    int missing(AssignedPartitions group) {
        int offered = 0;
        int othersReady = 0;
        for (AssignedPartitions each : groups) {
            int here = each.offered();
            offered += here;
            othersReady += each == group ? 0 : Math.max(0, each.available() - here);
        }
        int missing = target() - offered;
        return missing - Math.min(othersReady, demanded.share(missing));
    }

    boolean isStopped() {
        return stopped;
    }

    void signalGiven() {
        given.signalAll();
    }

    boolean awaitGiven(long waitNanos, BooleanSupplier isGiven) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            long left = waitNanos;
            while (!isGiven.getAsBoolean() && !stopped && end == null && left > 0) {
                given.awaitNanos(left);
                left = deadline - System.nanoTime();
            }
            return isGiven.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** The next claim call fails, so that the worker learns of it and backs off. */
    void failed(@Nullable RuntimeException problem) {
        run(() -> failure = problem);
    }

    /** All claim calls fail from now on, such that the worker stops. */
    void died(Error problem) {
        run(() -> {
            end = problem;
            given.signalAll();
        });
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
            if (demanded.isWaiting()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
