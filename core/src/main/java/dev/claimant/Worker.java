package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
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
    private static final long FIRST_OPEN_PAUSE_NANOS = 200_000_000;
    private static final long LONGEST_OPEN_PAUSE_NANOS = 15_000_000_000L;

    private final Source source;
    private final Settings settings;
    private final Handler handler;
    private final Listeners listeners;
    private final GuardedSource guarded;
    private final Threads threads;
    private final Health health;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable Engine engine;

    Worker(Source source, Settings settings, Handler handler, Listeners listeners, Threads threads) {
        this.source = source;
        this.settings = settings;
        this.handler = handler;
        this.listeners = listeners;
        this.guarded = new GuardedSource(source, listeners);
        this.threads = threads;
        this.health = new Health(settings, guarded, threads, () -> engine);
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
        if (stopAsked.getCount() == 0) {
            throw new IllegalStateException("the worker is " + state() + " and cannot be started again");
        }
        startUnlessStopped();
    }

    /** Does nothing for a worker that was drained before it could start. */
    private void startUnlessStopped() {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException("the worker is " + state() + " and cannot be started again");
        }
        try {
            openAndStart();
        } finally {
            begun.set(engine != null); // a source that could not be opened may be tried again
            if (engine == null && stopAsked.getCount() == 0) {
                health.close(); // the drain may have been over before it began to serve
            }
        }
    }

    private void openAndStart() {
        if (stopAsked.getCount() == 0) {
            return;
        }
        health.serve();
        DeferredEvents events = new DeferredEvents();
        Capabilities capabilities = open(events);
        EngineContext context = new EngineContext(System::nanoTime, guarded, listeners);
        Engine built =
                new Engine(settings, capabilities, context, handler, new SplittableRandom(), threads, new Parts());
        starting.lock();
        try {
            if (stopAsked.getCount() == 0) {
                return;
            }
            engine = built;
            events.deliverTo(built);
            listeners.tell(listener -> listener.stateChanged(State.RUNNING));
            threads.start(built, capabilities.claimers());
        } finally {
            starting.unlock();
        }
    }

    /**
     * Runs until SIGTERM, an interrupt of the calling thread or a {@link #drain} from elsewhere, then drains. A source that cannot be
     * reached at first is tried again until it can. On SIGTERM, and where the application calls {@code System.exit} meanwhile, the process
     * ends after the drain, with exit code 0 if all that was held was settled and 143 if something was handed back.
     *
     * @throws ConfigurationException if the configuration is wrong, or asks for what the source cannot do
     */
    public void run() {
        try (Termination termination = new Termination(() -> closed(drain() ? JobResult.DONE : JobResult.TERMINATED))) {
            try {
                startPatiently();
                stopAsked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            drain();
        }
    }

    /**
     * Claims the messages that the options say, works on them and returns how it went. On SIGTERM the worker drains, writes the summary
     * and ends the process with the exit code. Wrong configuration and an unreachable source are results, not exceptions.
     */
    public JobResult runJob(JobOptions options) {
        settings.job = options;
        JobTally tally = new JobTally();
        listeners.add(tally);
        JobRun job = new JobRun(this, options, tally);
        try (Termination termination =
                new Termination(() -> closed(job.finish(true).exitCode()))) {
            try {
                startUnlessStopped();
            } catch (ConfigurationException e) {
                return job.failed(JobResult.MISCONFIGURED, e);
            } catch (SourceException e) {
                return job.failed(JobResult.TRY_AGAIN, e);
            }
            return job.finish(!awaitDone());
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
        Engine running = askToStop();
        boolean interrupted = false;
        if (running != null) {
            interrupted = running.drain.run();
        }
        health.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return running == null || running.drain.handedBack() == 0;
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
        Engine running = engine;
        if (running != null) {
            return running.drain.state();
        }
        return stopAsked.getCount() == 0 ? State.STOPPED : State.NEW;
    }

    /** How the budgets are used now; all zero but the slots before the start. */
    public WorkerStats stats() {
        Engine running = engine;
        return running == null
                ? new WorkerStats(settings.slots, 0, 0, 0, 0, 0, 0)
                : running.stats(settings.stuckTimeout.toNanos());
    }

    /** The port of {@code /livez}, {@code /readyz} and {@code /metrics}, once started; -1 without. */
    public int managementPort() {
        return health.port();
    }

    private @Nullable Engine askToStop() {
        starting.lock();
        try {
            stopAsked.countDown();
            return engine;
        } finally {
            starting.unlock();
        }
    }

    private void startPatiently() throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_OPEN_PAUSE_NANOS, LONGEST_OPEN_PAUSE_NANOS, new SplittableRandom());
        boolean stopped = false;
        while (!stopped) {
            try {
                startUnlessStopped();
                return;
            } catch (SourceException e) {
                listeners.tell(listener -> listener.sourceFailed("open the source", e));
                stopped = stopAsked.await(backoff.nextNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
            }
        }
    }

    /**
     * Closes the source before the process is halted, for the caller will not come to it: a request for messages that is still under way
     * may bring some, and they would be locked for nobody.
     */
    private int closed(int exitCode) {
        try {
            source.close();
        } catch (Exception e) {
            listeners.tell(listener -> listener.sourceFailed("close the source", e));
        }
        return exitCode;
    }

    /** Whether the Job came to its end by itself. */
    private boolean awaitDone() {
        Engine running = engine;
        try {
            return running != null && running.drain.awaitDone(running.demand, () -> defect() != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether a Job ended because its source did not answer. */
    boolean sourceWasUnreachable() {
        Engine running = engine;
        return running != null && running.demand.lastCallFailed();
    }

    /** What ended one of the worker's threads; absent as long as all is well. */
    @Nullable Throwable defect() {
        return threads.broken();
    }

    /** For a Job that is told to stop before it has claimed. */
    void handBackReserved() {
        Engine running = engine;
        if (running != null) {
            running.handBackReserved();
        }
    }

    int handedBack() {
        Engine running = engine;
        return running == null ? 0 : running.drain.handedBack();
    }

    private Capabilities open(DeferredEvents events) {
        try {
            Capabilities capabilities = source.open(settings.plan(), events);
            settings.checkAgainst(capabilities);
            return capabilities;
        } catch (SourceException e) {
            throw e;
        } catch (RuntimeException e) {
            health.close(); // it would keep the process alive, and this worker can never start
            throw e;
        }
    }
}
