package dev.claimant.spring;

import dev.claimant.Backlog;
import dev.claimant.Worker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's workers by their names: to pause, resume and drain them, and to see how they are. Thread-safe. A worker that was stopped with
 * the application's context has another in its place once that is started again.
 */
public final class ClaimantWorkers {

    private final Supplier<Map<String, RunningWorker>> workers;

    ClaimantWorkers(Supplier<Map<String, RunningWorker>> workers) {
        this.workers = workers;
    }

    /** The names of all workers, in alphabetical order. */
    public Set<String> names() {
        return new TreeSet<>(workers.get().keySet());
    }

    /**
     * The worker with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Worker worker(String name) {
        return named(name).worker();
    }

    /**
     * How much work the source of the worker with this name has.
     *
     * @throws IllegalArgumentException if there is no such worker
     * @throws dev.claimant.SourceException if the source cannot be reached
     */
    public Backlog backlog(String name) {
        return named(name).source().backlog();
    }

    Map<String, Worker> all() {
        Map<String, Worker> all = new LinkedHashMap<>();
        names().forEach(name -> all.put(name, worker(name)));
        return all;
    }

    private RunningWorker named(String name) {
        @Nullable RunningWorker found = workers.get().get(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no worker '" + name + "'; there are " + names());
        }
        return found;
    }
}
