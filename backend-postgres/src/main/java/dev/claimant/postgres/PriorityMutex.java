package dev.claimant.postgres;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread in at a time; those in a hurry go before all others that wait. */
final class PriorityMutex {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private boolean taken;
    private int urgentWaiting;

    /** Returns whether the caller is in; false when the deadline, on the clock of {@link System#nanoTime()}, has passed. */
    boolean enter(boolean urgent, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        urgentWaiting += urgent ? 1 : 0;
        try {
            while (taken || (!urgent && urgentWaiting > 0)) {
                if (free.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return false;
                }
            }
            taken = true;
            return true;
        } finally {
            urgentWaiting -= urgent ? 1 : 0;
            if (!taken) {
                free.signalAll();
            }
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            taken = false;
            free.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits at most a second, and through interrupts not at all. */
    boolean enterForClosing() {
        try {
            return enter(true, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
