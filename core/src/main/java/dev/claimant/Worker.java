package dev.claimant;

import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from a source, has a handler work on them, and settles each as the handler's outcome says; keeps the locks meanwhile.
 *
 * <p>{@link #run} is for a Deployment, {@link #runJob} for a Job: both own SIGTERM until they return. An application with a life cycle of its
 * own calls {@link #start} and {@link #drain}. A worker runs once. Thread-safe.
 */
public final class Worker implements AutoCloseable {

    /** How far a worker has come; it never goes back. */
    public enum State {
        NEW,
        RUNNING,
        DRAINING,
        STOPPED
    }

    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(2);
    private final Source source;
    private final Settings settings;
    private final List<WorkerListener> listeners;
    private final Threads threads;
    private final WorkerLifecycle lifecycle;

    Worker(Source source, Settings settings, Handler handler, List<WorkerListener> listeners, Threads threads) {
        this.source = source;
        this.settings = settings;
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.threads = threads;
        this.lifecycle = new WorkerLifecycle(source, settings, handler, this.listeners, threads);
    }

    /**
     * A worker on this source, yet to be told what to do. A source serves one worker: take one for each. The caller closes the source,
     * after the worker.
     */
    public static WorkerBuilder builder(Source source) {
        return new WorkerBuilder(source);
    }

    /**
     * Opens the source and starts to claim; returns at once then.
     *
     * @throws ConfigurationException if the configuration is wrong, or asks for what the source cannot do
     * @throws SourceException if the source cannot be reached; it may be tried again
     * @throws IllegalStateException if the worker was started or stopped before
     */
    public void start() {
        lifecycle.refuseIfStopped();
        lifecycle.openOrFail();
    }

    /**
     * As {@link #start}, except that a source that cannot be reached is tried again until it can, on another thread. Returns after the first
     * try. Until the source is open, {@link #whyNotReady} says so, and listeners hear of each failure.
     *
     * @throws ConfigurationException if the configuration is found to be wrong at once; if that shows later, listeners hear of a defect and
     *     the worker is not alive
     * @throws IllegalStateException if the worker was started or stopped before
     */
    public void startPatiently() {
        lifecycle.refuseIfStopped();
        lifecycle.openPatiently();
    }

    /**
     * Runs until SIGTERM, an interrupt of the calling thread or a {@link #drain} from elsewhere, then drains. A source that cannot be
     * reached at first is tried again until it can. On SIGTERM, and where the application calls {@code System.exit} meanwhile, the process
     * ends after the drain, with exit code 0 if all that was held was settled and 143 if something was handed back.
     *
     * @throws ConfigurationException if the configuration is wrong, or asks for what the source cannot do
     * @throws IllegalStateException if a defect made the worker stop; or it was started or stopped before
     */
    public void run() {
        try (Termination termination = new Termination(() -> closed(drain() ? JobResult.DONE : JobResult.TERMINATED))) {
            try {
                lifecycle.openPatiently();
                lifecycle.awaitDrainAsked();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            drain();
        }
        Throwable died = lifecycle.defect();
        if (died instanceof ConfigurationException wrong) {
            throw wrong;
        }
        if (died != null) {
            throw new IllegalStateException("the worker has stopped because of a defect: " + died, died);
        }
    }

    /**
     * Claims the messages that the options say, works on them and returns how it went. On SIGTERM the worker drains, writes the summary
     * and ends the process with the exit code. Wrong configuration and an unreachable source are results, not exceptions.
     */
    public JobResult runJob(JobOptions options) {
        lifecycle.begin();
        settings.job = options;
        JobRun job = new JobRun(options);
        listeners.add(job);
        try (Termination termination =
                new Termination(() -> closed(job.finish(this, true).exitCode()))) {
            try {
                lifecycle.openAndStart();
            } catch (ConfigurationException e) {
                return job.failed(this, JobResult.MISCONFIGURED, e);
            } catch (SourceException e) {
                return job.failed(this, JobResult.TRY_AGAIN, e);
            }
            return job.finish(this, !awaitDone());
        }
    }

    /**
     * Stops in order: claims no more, hands back what does not run, lets handlers finish for the drain time-out, then interrupts them,
     * and settles all within the flush time-out. Blocks until that is done; may be called from several threads, but not by a handler: it
     * would wait for itself until its time is up.
     *
     * @return whether all that was held is settled: nothing was handed back or left
     */
    public boolean drain() {
        Engine running = lifecycle.beginDrain();
        if (running != null) {
            running.drain.awaitEnd();
        }
        lifecycle.health().close();
        return running == null || running.drain.handedBack() == 0;
    }

    /** Claims no more until {@link #resume}. What is held is kept and worked off, what a call under way brings too; readiness stays. */
    public void pause() {
        lifecycle.suspend(true);
    }

    /** Claims again after {@link #pause}. */
    public void resume() {
        lifecycle.suspend(false);
    }

    /** Drains, if that has not happened. Does not close the source. */
    @Override
    public void close() {
        drain();
        try {
            threads.join(JOIN_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far the worker has come. */
    public State state() {
        return lifecycle.state();
    }

    /** How the budgets are used now; all zero but the slots before the start. */
    public WorkerStats stats() {
        Engine running = lifecycle.engine();
        return running == null
                ? new WorkerStats(settings.slots, 0, 0, 0, 0, 0, 0)
                : running.stats(settings.stuckTimeout.toNanos());
    }

    /** The port of {@code /livez}, {@code /readyz} and {@code /metrics}, once started; -1 without. */
    public int managementPort() {
        return lifecycle.health().port();
    }

    /** Whether the worker can do its work; when not, only a new process helps. A worker that has stopped in order is alive. */
    public boolean isAlive() {
        return lifecycle.health().whyNotAlive() == null;
    }

    /** Whether the worker claims, as far as it can know: open, not draining, the last claim did not fail, and the source has all that it
     * needs; a Job, once it has claimed. */
    public boolean isReady() {
        return lifecycle.health().whyNotReady() == null;
    }

    /** Why the worker is not alive, in a sentence for an operator; empty if it is. */
    public Optional<String> whyNotAlive() {
        return Optional.ofNullable(lifecycle.health().whyNotAlive());
    }

    /** Why the worker is not ready, in a sentence for an operator; empty if it is. */
    public Optional<String> whyNotReady() {
        return Optional.ofNullable(lifecycle.health().whyNotReady());
    }

    /**
     * Closes the source before the process is halted, for the caller will not come to it: a request for messages that is still under way
     * may bring some, and they would be locked for nobody.
     */
    private int closed(int exitCode) {
        try {
            source.close();
        } catch (Throwable e) { // an Error changes nothing of what was settled either
            Exception problem = e instanceof Exception exception ? exception : new SourceException(e.toString(), e);
            PendingEvents.tellAll(listeners, listener -> listener.sourceFailed("close the source", problem));
        }
        return exitCode;
    }

    /** Whether the Job came to its end by itself. */
    private boolean awaitDone() {
        Engine running = lifecycle.engine();
        try {
            return running != null && running.drain.awaitDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether a Job ended because its source did not answer. */
    boolean sourceWasUnreachable() {
        Engine running = lifecycle.engine();
        return running != null && running.demand.lastCallFailed();
    }

    /** What ended one of the worker's threads; absent as long as all is well. */
    @Nullable Throwable defect() {
        return lifecycle.defect();
    }

    /** For a Job that is told to stop; does nothing if it has claimed. */
    void handBackReserved() {
        Engine running = lifecycle.engine();
        if (running != null) {
            running.handBackReserved();
        }
    }

    int handedBack() {
        Engine running = lifecycle.engine();
        return running == null ? 0 : running.drain.handedBack();
    }
}
