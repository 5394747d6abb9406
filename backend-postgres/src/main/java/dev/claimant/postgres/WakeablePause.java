package dev.claimant.postgres;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A pause of the claiming thread, which any thread may end, and end for ever. */
final class WakeablePause {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean stopped;
    private volatile boolean woken;

    /** Before a look: what wakes from here on may have come too late for it. */
    void begin() {
        woken = false;
    }

    /** Waits, unless it was woken since {@link #begin} or stopped. Returns whether it was woken. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!stopped && !woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            return woken;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
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

    boolean isStopped() {
        return stopped;
    }
}
