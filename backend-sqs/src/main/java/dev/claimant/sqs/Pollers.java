package dev.claimant.sqs;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests for messages may be under way: each costs money, and one is enough while there is nothing to do. A request that came
 * full allows one more, one that did not takes one away. Thread-safe.
 */
final class Pollers {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int most;
    private int allowed = 1;
    private int polling;
    private boolean stopped;

    Pollers(int most) {
        this.most = most;
    }

    /** Blocks until one more may poll; false when the time is up, or all is stopped. */
    boolean enter(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped && polling >= allowed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            polling += stopped ? 0 : 1;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** One more polls, whatever is allowed: a request that does not wait occupies nothing. False when all is stopped. */
    boolean enterAtOnce() {
        lock.lock();
        try {
            polling += stopped ? 0 : 1;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** A request is over. */
    void leave(int asked, int brought) {
        lock.lock();
        try {
            polling--;
            if (brought >= asked) {
                allowed = Math.min(most, allowed + 1);
            } else {
                allowed = brought == 0 ? 1 : Math.max(1, allowed - 1);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until nobody polls, which is soon after {@link #stop}; no longer than this. */
    void awaitNone(long nanos) {
        lock.lock();
        try {
            for (long left = nanos; polling > 0 && left > 0; ) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody polls from now on. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
