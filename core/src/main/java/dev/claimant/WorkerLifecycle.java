package dev.claimant;

import dev.claimant.Worker.State;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Source;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How a worker comes to run, pauses and stops: a start, a pause, a defect and a drain may meet on any threads. Thread-safe. */
final class WorkerLifecycle {

    private static final long FIRST_OPEN_PAUSE_NANOS = 200_000_000;
    private static final long LONGEST_OPEN_PAUSE_NANOS = 15_000_000_000L;

    private final Source source;
    private final Settings settings;
    private final Handler handler;
    private final List<WorkerListener> listeners;
    private final Threads threads;
    private final Health health;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch drainAsked = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();

    /** So that a start, a pause and a drain cannot cross. */
    private final ReentrantLock transition = new ReentrantLock();

    private boolean paused;
    private boolean draining;
    private volatile @Nullable Engine engine;

    WorkerLifecycle(
            Source source, Settings settings, Handler handler, List<WorkerListener> listeners, Threads threads) {
        this.source = source;
        this.settings = settings;
        this.handler = handler;
        this.listeners = listeners;
        this.threads = threads;
        this.health = new Health(settings, defect::get, () -> engine);
        Rehearsal.begin(); // beside the source, which connects next
    }

    Health health() {
        return health;
    }

    /** Absent before the source is open. */
    @Nullable Engine engine() {
        return engine;
    }

    /** What ended one of the worker's threads; absent as long as all is well. */
    @Nullable Throwable defect() {
        return defect.get();
    }

    State state() {
        Engine running = engine;
        if (running != null) {
            return running.drain.state();
        }
        return isDrainAsked() ? State.STOPPED : State.NEW;
    }

    private boolean isDrainAsked() {
        return drainAsked.getCount() == 0;
    }

    void awaitDrainAsked() throws InterruptedException {
        drainAsked.await();
    }

    // ---- start

    void refuseIfStopped() {
        if (isDrainAsked()) {
            throw cannotStartAgain();
        }
    }

    /** Once. */
    void begin() {
        if (!begun.compareAndSet(false, true)) {
            throw cannotStartAgain();
        }
    }

    private IllegalStateException cannotStartAgain() {
        return new IllegalStateException("the worker is " + state() + " and cannot be started again");
    }

    void openOrFail() {
        begin();
        boolean open = false;
        try {
            openAndStart();
            open = true;
        } finally {
            begun.set(open); // a source that could not be opened may be tried again
        }
    }

    void openPatiently() {
        begin();
        if (!opens()) {
            threads.start("start", this::openUntilItOpens);
        }
    }

    /** Whether the worker runs now, or never will. */
    private boolean opens() {
        try {
            openAndStart();
            return true;
        } catch (SourceException e) {
            PendingEvents.tellAll(listeners, listener -> listener.sourceFailed("open the source", e));
            return false;
        }
    }

    private void openUntilItOpens() {
        Backoff backoff = new Backoff(FIRST_OPEN_PAUSE_NANOS, LONGEST_OPEN_PAUSE_NANOS, new SplittableRandom());
        try {
            while (!drainAsked.await(backoff.nextNanos(), TimeUnit.NANOSECONDS) && !opens()) {}
        } catch (Throwable e) {
            died(e);
        }
    }

    /** Does nothing for a worker that was drained before it could start. */
    void openAndStart() {
        try {
            if (!isDrainAsked()) {
                health.serve();
                EngineContext context = new EngineContext(Clock.SYSTEM, source, listeners);
                startUnlessStopped(open(context.source), context);
            }
        } finally {
            if (engine == null && isDrainAsked()) {
                health.close(); // the drain may have been over before it began to serve
            }
        }
    }

    private Capabilities open(Events events) {
        try {
            Capabilities capabilities = source.open(settings.plan(), events);
            String name = source.getClass().getName();
            if (capabilities == null) {
                throw new IllegalStateException(
                        "the source " + name + " has a defect: it opened with null capabilities");
            }
            settings.checkAgainst(capabilities, name);
            return capabilities;
        } catch (SourceException e) {
            throw e;
        } catch (Throwable e) {
            health.close(); // it would keep the process alive, and this worker can never start
            throw e;
        }
    }

    private void startUnlessStopped(Capabilities capabilities, EngineContext context) {
        SplittableRandom random = new SplittableRandom();
        OutcomePolicy outcomes = new OutcomePolicy(settings, capabilities, random);
        Engine built = new Engine(settings, capabilities, context, handler, outcomes, random);
        transition.lock();
        try {
            if (!isDrainAsked()) {
                engine = built;
                built.suspend(paused);
                context.pendingEvents.tell(listener -> listener.stateChanged(State.RUNNING));
                threads.start(built, capabilities.claimers(), this::died);
            }
        } catch (Throwable e) { // no memory for one more thread
            died(e);
            throw e;
        } finally {
            transition.unlock();
        }
    }

    // ---- pause and stop

    void suspend(boolean now) {
        transition.lock();
        try {
            paused = now;
            Engine running = engine;
            if (running != null) {
                running.suspend(now);
            }
        } finally {
            transition.unlock();
        }
    }

    /** Begins to drain, once, on a thread that is not the application's. */
    @Nullable Engine beginDrain() {
        transition.lock();
        try {
            drainAsked.countDown();
            Engine running = engine;
            if (running != null && !draining) {
                draining = true;
                threads.start("drain", running.drain::run);
            }
            return running;
        } finally {
            transition.unlock();
        }
    }

    /** A worker without one of its threads would keep locks and never use them: it stops. */
    private void died(Throwable defect) {
        if (this.defect.compareAndSet(null, defect)) {
            Engine running = engine;
            if (running == null) {
                PendingEvents.tellAll(listeners, listener -> listener.defect(defect));
            } else {
                running.context.pendingEvents.tell(listener -> listener.defect(defect));
            }
            beginDrain();
        }
    }
}
