package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** All listeners of a worker, in the order in which they were added; none can disturb the worker or the others. */
final class Listeners {

    private final List<WorkerListener> all;

    Listeners(List<WorkerListener> all) {
        this.all = new CopyOnWriteArrayList<>(all);
    }

    void add(WorkerListener listener) {
        all.add(listener);
    }

    void tell(Consumer<WorkerListener> event) {
        for (WorkerListener listener : all) {
            try {
                event.accept(listener);
            } catch (Throwable e) { // whatever it is, it is the listener's failure and not the worker's
                log.warn("A listener failed: {}", listener, e);
            }
        }
    }
}
