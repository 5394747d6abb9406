package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the workers with the application's context and drains them when it closes, before everything else: data sources and web server are
 * still there. Each start has new workers, since one runs once.
 */
final class WorkersLifecycle implements SmartLifecycle, SmartInitializingSingleton {

    /** Makes all workers anew, or throws every problem. */
    interface Build {
        Map<String, RunningWorker> all();
    }

    private final Build build;
    private final boolean autoStartup;
    private volatile Map<String, RunningWorker> workers = Map.of();
    private volatile boolean fresh;
    private volatile boolean running;

    WorkersLifecycle(Build build, boolean autoStartup) {
        this.build = build;
        this.autoStartup = autoStartup;
    }

    Map<String, RunningWorker> workers() {
        return workers;
    }

    /** All problems are known before anything is started. */
    @Override
    public void afterSingletonsInstantiated() {
        workers = build.all();
        fresh = true;
    }

    @Override
    public void start() {
        if (!fresh) {
            workers = build.all();
        }
        fresh = false;
        running = true;
        StartupProblems problems = new StartupProblems();
        try {
            sideBySide("start", worker -> start(worker, problems)).join();
            problems.throwIfAny();
        } catch (ConfigurationException | CompletionException e) {
            stop();
            throw e;
        }
    }

    /** Returns after the first try to reach the source; what a source refuses is known then. */
    private static void start(RunningWorker worker, StartupProblems problems) {
        try {
            worker.worker().startPatiently();
        } catch (ConfigurationException e) {
            synchronized (problems) {
                problems.addAll(WorkerSpec.prefix(worker.name()), e);
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        sideBySide("stop", RunningWorker::stop)
                .exceptionally(WorkersLifecycle::ignore)
                .join();
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        CompletableFuture<Void> unused = sideBySide("stop", RunningWorker::stop)
                .exceptionally(WorkersLifecycle::ignore)
                .thenRun(callback);
    }

    /** The workers have logged it. */
    private static @Nullable Void ignore(Throwable failure) {
        return null;
    }

    /** Each on a thread of its own, so that the slowest decides how long it takes. */
    private CompletableFuture<Void> sideBySide(String step, Consumer<RunningWorker> action) {
        Collection<RunningWorker> all = workers.values();
        return CompletableFuture.allOf(all.stream()
                .map(worker -> CompletableFuture.runAsync(
                        () -> action.accept(worker),
                        command -> new Thread(command, "claimant-" + step + "-" + worker.name()).start()))
                .toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isAutoStartup() {
        return autoStartup;
    }

    /** The last to start and the first to stop, together with what has no phase of its own. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
