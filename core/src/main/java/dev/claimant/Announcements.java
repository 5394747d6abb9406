package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What is to be told to listeners. Added under the engine's lock, in the same step that makes it true; delivered without it. A worker is
 * not quiet before all is told, so that whoever waits for its end has heard of everything.
 */
final class Announcements {

    private final ReentrantLock lock;
    private final Condition progress;
    private final Listeners listeners;
    private List<Consumer<WorkerListener>> untold = new ArrayList<>();
    private int deliveries;

    Announcements(ReentrantLock lock, Condition progress, Listeners listeners) {
        this.lock = lock;
        this.progress = progress;
        this.listeners = listeners;
    }

    /** With the lock held. */
    void add(Consumer<WorkerListener> event) {
        untold.add(event);
    }

    /** With the lock held. */
    boolean allTold() {
        return untold.isEmpty() && deliveries == 0;
    }

    /** Without the lock. */
    void deliver() {
        List<Consumer<WorkerListener>> events;
        lock.lock();
        try {
            if (untold.isEmpty()) {
                return;
            }
            events = untold;
            untold = new ArrayList<>();
            deliveries++;
        } finally {
            lock.unlock();
        }
        events.forEach(listeners::tell);
        lock.lock();
        try {
            deliveries--;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
