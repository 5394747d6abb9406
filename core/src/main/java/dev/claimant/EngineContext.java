package dev.claimant;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What the parts of one engine have in common: its lock, its clock, and its ways to the source and to the listeners. */
final class EngineContext {

    final ReentrantLock lock = new ReentrantLock();

    /** Signalled whenever a claim ends, a handler returns or a claim call comes back. */
    final Condition progress = lock.newCondition();

    final Clock clock;
    final GuardedSource source;
    final Listeners listeners;
    final PendingEvents pendingEvents;

    EngineContext(Clock clock, GuardedSource source, Listeners listeners) {
        this.clock = clock;
        this.source = source;
        this.listeners = listeners;
        this.pendingEvents = new PendingEvents(this);
    }

    /** Takes one step under the lock. */
    void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    /** Takes one step under the lock, and answers what it answers. */
    <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
