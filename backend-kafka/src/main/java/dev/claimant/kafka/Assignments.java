package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that are ours, between the thread that polls and those that claim. Thread-safe. */
final class Assignments {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, Ledger> ledgers = new HashMap<>();

    /** Whose turn it is to give first: each partition its share. */
    private final List<Ledger> turns = new ArrayList<>();

    private int wanted;
    private boolean stopped;
    private @Nullable RuntimeException failure;

    // ---- for claims

    /**
     * Up to so many messages; waits for a first one.
     *
     * @param wake tells the polling thread that somebody wants messages
     */
    List<Claim> claim(int demand, long waitNanos, Runnable wake) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            List<Claim> claims = hand(demand);
            long left = waitNanos;
            while (claims.isEmpty() && left > 0 && !stopped) {
                throwFailure();
                wanted = demand;
                wake.run();
                changed.awaitNanos(left);
                claims = hand(demand);
                left = deadline - System.nanoTime();
            }
            return claims;
        } finally {
            wanted = 0;
            lock.unlock();
        }
    }

    private List<Claim> hand(int demand) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < turns.size() && claims.size() < demand && !stopped; i++) {
            Ledger ledger = turns.remove(0);
            turns.add(ledger);
            ledger.hand(demand - claims.size(), claims);
        }
        return claims;
    }

    private void throwFailure() {
        RuntimeException thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- for the polling thread

    /** Whether somebody waits for more than there is. */
    boolean wantsMore() {
        return locked(() -> {
            int ready = 0;
            for (Ledger ledger : turns) {
                ready += ledger.ready();
            }
            return ready < wanted;
        });
    }

    /** Whether nothing is claimed and nothing will be. */
    boolean isDrained() {
        return locked(() -> stopped && turns.stream().allMatch(Ledger::holdsNothing));
    }

    boolean has(TopicPartition partition) {
        return locked(() -> ledgers.containsKey(partition));
    }

    void add(Ledger ledger) {
        run(() -> {
            ledgers.put(ledger.partition, ledger);
            turns.add(ledger);
        });
    }

    /** Looks into each ledger, or changes it, and lets waiting claims see. */
    void each(Consumer<Ledger> action) {
        run(() -> {
            turns.forEach(action);
            changed.signalAll();
        });
    }

    /** The next claim call fails, so that the worker learns of it and backs off. */
    void failed(RuntimeException problem) {
        run(() -> {
            failure = problem;
            changed.signalAll();
        });
    }

    /** From now on these hand out nothing; what is claimed in them. */
    List<Claim> withdraw(Collection<TopicPartition> partitions) {
        return locked(() -> {
            List<Claim> claims = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                Ledger ledger = ledgers.get(partition);
                if (ledger != null) {
                    ledger.withdraw();
                    claims.addAll(ledger.claims());
                }
            }
            return claims;
        });
    }

    boolean holdNothing(Collection<TopicPartition> partitions) {
        return locked(() -> partitions.stream().map(ledgers::get).allMatch(l -> l == null || l.holdsNothing()));
    }

    /** Not ours any more; what was still claimed in them. */
    List<Claim> remove(Collection<TopicPartition> partitions) {
        return locked(() -> {
            List<Claim> claims = withdraw(partitions);
            for (TopicPartition partition : partitions) {
                Ledger ledger = ledgers.remove(partition);
                if (ledger != null) {
                    ledger.close();
                    turns.remove(ledger);
                }
            }
            return claims;
        });
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void run(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
