package dev.claimant;

import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a worker is to do. {@link #build} checks all of it and reports every problem at once. */
public final class WorkerBuilder {

    private final Source source;
    private final Settings settings = new Settings();
    private final List<WorkerListener> listeners = new ArrayList<>(List.of(new WorkerLog.Listener()));
    private @Nullable Handler handler;
    private @Nullable ThreadFactory handlerThreads;
    private boolean slotsSet;

    WorkerBuilder(Source source) {
        this.source = Objects.requireNonNull(source, "source");
        settings.sourceName = source.getClass().getSimpleName();
    }

    /**
     * The work on each message. Required. While it runs, the context of the log (SLF4J's MDC, where the logging framework has one) holds
     * {@code claimant.source}, {@code claimant.worker}, {@code claimant.message} and {@code claimant.attempt}.
     */
    public WorkerBuilder handler(Handler handler) {
        this.handler = handler;
        return this;
    }

    /**
     * What it works on, for logs: a queue, a table; by default the source's class. Best the same as the tag {@code source} of the worker's meters.
     */
    public WorkerBuilder sourceName(String name) {
        settings.sourceName = name;
        return this;
    }

    /** Who this is, for histories, logs and thread names; by default the host's name, which in Kubernetes is the pod's. */
    public WorkerBuilder name(String name) {
        settings.name = name;
        return this;
    }

    /** How many handlers run at once; 10 by default, and at least as many as two batches hold with {@link Handler#batching}. */
    public WorkerBuilder slots(int slots) {
        settings.slots = slots;
        slotsSet = true;
        return this;
    }

    /**
     * The most messages to claim ahead of free slots. Without this setting the worker follows its handlers: it claims ahead what they work off
     * in a tenth of a second, up to 2,000 messages, and nothing if they take longer. With it, it claims fewer only where the lock could
     * not serve them. In a Job it claims nothing ahead.
     */
    public WorkerBuilder prefetch(int prefetch) {
        settings.prefetch = prefetch;
        return this;
    }

    /** How many results may wait for the source's verdict before the worker claims no more; by default two for each slot and each message ahead. */
    public WorkerBuilder maxUnsettled(int maxUnsettled) {
        settings.maxUnsettled = maxUnsettled;
        return this;
    }

    /** When failed messages come back; {@link RetryPolicy#exponential()} by default. */
    public WorkerBuilder retry(RetryPolicy retry) {
        settings.retry = retry;
        return this;
    }

    /** How long one handler may run before it is interrupted and its message retried; unlimited by default. */
    public WorkerBuilder handlerTimeout(Duration timeout) {
        settings.handlerTimeout = timeout;
        return this;
    }

    /**
     * How long a drain waits for handlers before it interrupts them; 20 seconds by default. Together with the flush time-out it should
     * stay below the pod's {@code terminationGracePeriodSeconds}.
     */
    public WorkerBuilder drainTimeout(Duration timeout) {
        settings.drainTimeout = timeout;
        return this;
    }

    /** How long a drain then waits for interrupted handlers and open settlements; 5 seconds by default. */
    public WorkerBuilder flushTimeout(Duration timeout) {
        settings.flushTimeout = timeout;
        return this;
    }

    /** How long a handler may ignore that it was told to stop, or a listener hold up the claims, before {@code /livez} fails; 5 minutes by default. */
    public WorkerBuilder stuckTimeout(Duration timeout) {
        settings.stuckTimeout = timeout;
        return this;
    }

    /** How long a failed message is kept for the next pod of its Job; 15 minutes by default: Kubernetes waits up to 10 between two pods. */
    public WorkerBuilder reservation(Duration reservation) {
        settings.reservation = reservation;
        return this;
    }

    /** Runs messages with the same ordering key one at a time, in order; refused by sources that keep no order. */
    public WorkerBuilder ordered() {
        settings.ordered = true;
        return this;
    }

    /** Serves {@code /livez} and {@code /readyz} on this port; 0 for any free one. Not served by default. */
    public WorkerBuilder managementPort(int port) {
        settings.managementPort = port;
        return this;
    }

    /**
     * What {@code /metrics} returns on the {@link #managementPort}, in Prometheus' text format; for example a Micrometer registry's
     * {@code scrape}.
     */
    public WorkerBuilder metrics(Supplier<String> scrape) {
        settings.metrics = scrape;
        return this;
    }

    /** Hears everything that happens. May be called more than once. */
    public WorkerBuilder listener(WorkerListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Makes the threads that handlers run on; by default virtual threads on Java 21 and later, platform threads before. */
    public WorkerBuilder handlerThreads(ThreadFactory factory) {
        this.handlerThreads = factory;
        return this;
    }

    /**
     * The worker, not started.
     *
     * @throws ConfigurationException with every problem found
     */
    public Worker build() {
        Problems problems = new Problems();
        problems.when(handler == null, "handler", null, "must be set");
        if (handler != null) {
            settings.fit(handler, slotsSet, problems);
        }
        settings.check(problems);
        problems.throwIfAny();
        if (handler == null) {
            throw new IllegalStateException("unreachable: a missing handler is a problem");
        }
        Threads threads = new Threads(settings.name, handlerThreads);
        return new Worker(
                source,
                settings,
                MdcInterceptor.around(handler, settings.sourceName, settings.name),
                listeners,
                threads);
    }
}
