package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is to be told to listeners. Added under the engine's lock, in the same step that makes it true; delivered without it. A worker is
 * not quiet before all is told, so that whoever waits for its end has heard of everything.
 */
final class Announcements {

    private final Shared shared;
    private List<Consumer<WorkerListener>> untold = new ArrayList<>();
    private int deliveries;

    Announcements(Shared shared) {
        this.shared = shared;
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
        List<Consumer<WorkerListener>> events = shared.locked(this::begin);
        if (!events.isEmpty()) {
            events.forEach(shared.listeners::tell);
            shared.locked(this::end);
        }
    }

    private List<Consumer<WorkerListener>> begin() {
        if (untold.isEmpty()) {
            return List.of();
        }
        List<Consumer<WorkerListener>> events = untold;
        untold = new ArrayList<>();
        deliveries++;
        return events;
    }

    private void end() {
        deliveries--;
        shared.progress.signalAll();
    }
}
