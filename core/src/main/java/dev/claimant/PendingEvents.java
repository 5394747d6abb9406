package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is to be told to listeners. Added under the engine's lock, in the same step that makes it true; delivered without it. A worker is
 * not quiet before all is told, so that whoever waits for its end has heard of everything.
 */
final class PendingEvents {

    private final EngineContext context;
    private List<Consumer<WorkerListener>> untold = new ArrayList<>();
    private int deliveries;

    PendingEvents(EngineContext context) {
        this.context = context;
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
        List<Consumer<WorkerListener>> events = context.locked(this::begin);
        if (!events.isEmpty()) {
            events.forEach(context.listeners::tell);
            context.locked(this::end);
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
        context.progress.signalAll();
    }
}
