package dev.claimant;

import dev.claimant.Worker.State;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a worker is alive and ready, and the port on which it says so. */
final class Health implements AutoCloseable {

    private final Settings settings;
    private final Supplier<@Nullable Throwable> defect;
    private final Supplier<@Nullable Engine> engine;
    private volatile @Nullable Management management;

    /**
     * Serves nothing yet.
     *
     * @param defect what made the worker stop; absent as long as all is well
     * @param engine absent before the worker has started
     */
    Health(Settings settings, Supplier<@Nullable Throwable> defect, Supplier<@Nullable Engine> engine) {
        this.settings = settings;
        this.defect = defect;
        this.engine = engine;
    }

    /** Starts to serve the probes, if a port is configured and they are not served yet. */
    void serve() {
        if (settings.managementPort != null && management == null) {
            management =
                    Management.start(settings.managementPort, this::whyNotAlive, this::whyNotReady, settings.metrics);
        }
    }

    /** The port; -1 while the probes are not served. */
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

    /** The problem that only a new process can solve; absent for a worker that is alive. */
    @Nullable String whyNotAlive() {
        Throwable died = defect.get();
        if (died != null) {
            return "stopped by a defect: " + died;
        }
        Engine running = engine.get();
        if (running == null) {
            return null;
        }
        long stuckNanos = settings.stuckTimeout.toNanos();
        if (running.context.pendingEvents.holdUpClaimsFor(stuckNanos)) {
            return "a listener has not returned for more than " + settings.stuckTimeout;
        }
        String broken = running.context.source.whyBroken();
        if (broken != null) {
            return broken;
        }
        int stuck = running.stats(stuckNanos).stuck();
        return stuck == 0
                ? null
                : stuck + " of " + settings.slots + " handlers were told to stop more than " + settings.stuckTimeout
                        + " ago and still run";
    }

    /** What keeps the worker from claiming; absent for one that is ready. */
    @Nullable String whyNotReady() {
        Engine running = engine.get();
        if (running == null) {
            return "the source is not open yet";
        }
        if (running.drain.state() != State.RUNNING) {
            return "the worker is " + running.drain.state();
        }
        if (running.context.pendingEvents.holdUpClaims()) {
            return "a listener has not returned for long, and nothing is claimed until it does";
        }
        if (settings.job != null) {
            return running.demand.hasClaimed() ? null : "the Job has claimed nothing yet";
        }
        GuardedSource source = running.context.source;
        return source.isReachable() ? source.whyImpaired() : "the last claim from the source failed";
    }
}
