package dev.claimant;

import dev.claimant.Worker.State;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a worker is alive and ready, and the port on which it says so. */
final class Health implements AutoCloseable {

    private final Settings settings;
    private final GuardedSource source;
    private final Threads threads;
    private final Supplier<@Nullable Engine> engine;
    private volatile @Nullable Management management;

    /**
     * Serves nothing yet.
     *
     * @param engine absent before the worker has started
     */
    Health(Settings settings, GuardedSource source, Threads threads, Supplier<@Nullable Engine> engine) {
        this.settings = settings;
        this.source = source;
        this.threads = threads;
        this.engine = engine;
    }

    /** Starts to answer, if there is to be a port and it does not yet. */
    void serve() {
        if (settings.managementPort != null && management == null) {
            management = Management.start(settings.managementPort, this::isAlive, this::isReady, settings.metrics);
        }
    }

    /** The port; -1 while nothing answers. */
    int port() {
        Management running = management;
        return running == null ? -1 : running.port();
    }

    @Override
    public void close() {
        Management running = management;
        if (running != null) {
            management = null;
            running.close();
        }
    }

    /** Not alive: a part has died, every handler ignores that it was told to stop, or one has done so for too long. */
    private boolean isAlive() {
        Engine running = engine.get();
        return running == null
                || (threads.broken() == null
                        && running.stats(settings.flushTimeout.toNanos()).stuck() < settings.slots
                        && running.stats(settings.stuckTimeout.toNanos()).stuck() == 0);
    }

    private boolean isReady() {
        Engine running = engine.get();
        if (running == null || running.drain.state() != State.RUNNING) {
            return false;
        }
        return settings.job == null ? source.isReachable() : running.demand.hasClaimed();
    }
}
