package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.Handler;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;

/** Builds workers as their properties say. */
final class WorkerFactory {

    /** As {@link WorkerBuilder} has them; asked for where the time for a shutdown is short. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    /** What the last step of a drain may take beyond its time-outs. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final Sources sources;
    private final ObjectProvider<ListenerTransactions> transactions;
    private final List<HandlerDecorator> decorators;
    private final List<WorkerCustomizer> customizers;
    private final List<WorkerMeters> meters;
    private final Duration shutdownTimeout;
    private final boolean inMemory;

    WorkerFactory(
            Sources sources,
            ObjectProvider<ListenerTransactions> transactions,
            ObjectProvider<HandlerDecorator> decorators,
            ObjectProvider<WorkerCustomizer> customizers,
            ObjectProvider<WorkerMeters> meters,
            Duration shutdownTimeout) {
        this.sources = sources;
        this.transactions = transactions;
        this.decorators = decorators.orderedStream().toList();
        this.customizers = customizers.orderedStream().toList();
        this.meters = meters.orderedStream().toList();
        this.shutdownTimeout = shutdownTimeout;
        this.inMemory = sources.areInMemory();
    }

    /** A worker that is not started; null, and problems, where it cannot be built. */
    @Nullable RunningWorker build(WorkerSpec spec, StartupProblems problems) {
        Source source = sources.of(spec, problems);
        Handler handler;
        try {
            handler = handler(spec, problems);
        } catch (ConfigurationException e) {
            problems.addAll(spec.prefix(), e);
            return null;
        }
        if (source == null) {
            return null;
        }
        WorkerBuilder builder = Worker.builder(source).sourceName(spec.name()).handler(handler);
        try {
            configure(spec, builder, problems);
            customizers.forEach(customizer -> customizer.customize(spec.name(), builder));
            List<WorkerMeters.Watch> watches = meters.stream()
                    .map(meter -> meter.add(spec.name(), builder))
                    .toList();
            RunningWorker built = new RunningWorker(spec.name(), builder.build(), source);
            watches.forEach(watch -> watch.begin(built.worker(), source));
            return built;
        } catch (ConfigurationException e) {
            problems.addAll(spec.prefix(), e);
            source.close();
            return null;
        }
    }

    private Handler handler(WorkerSpec spec, StartupProblems problems) {
        Handler plain = spec.handler().make(spec, problems);
        Handler handler = plain;
        if (spec.transaction() != ListenerTransaction.NONE) {
            ListenerTransactions available = transactions.getIfAvailable();
            handler = available == null
                    ? ListenerTransactions.none(spec, problems)
                    : available.within(spec, plain, inMemory, problems);
        }
        for (int i = decorators.size() - 1; i >= 0; i--) {
            handler = decorators.get(i).decorate(spec.name(), handler);
        }
        Handler decorated = handler;
        return plain.around((claim, unused) -> decorated.handle(claim)); // a lambda of the application loses batches
    }

    private void configure(WorkerSpec spec, WorkerBuilder builder, StartupProblems problems) {
        WorkerProperties properties = spec.properties();
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::name).to(builder::name);
        map.from(properties::slots).to(builder::slots);
        map.from(properties::prefetch).to(builder::prefetch);
        map.from(properties::maxUnsettled).to(builder::maxUnsettled);
        map.from(properties::handlerTimeout).to(builder::handlerTimeout);
        map.from(properties::flushTimeout).to(builder::flushTimeout);
        map.from(properties::stuckTimeout).to(builder::stuckTimeout);
        map.from(properties::reservation).to(builder::reservation);
        map.from(properties::managementPort).to(builder::managementPort);
        map.from(properties::ordered).whenTrue().toCall(builder::ordered);
        map.from(() -> retry(spec, problems)).to(builder::retry);
        builder.drainTimeout(drainTimeout(spec, problems));
    }

    private static @Nullable RetryPolicy retry(WorkerSpec spec, StartupProblems problems) {
        RetryProperties retry = spec.properties().retry();
        if (retry == null) {
            return null;
        }
        problems.when(
                retry.contradicts(),
                spec.prefix() + ".retry.delays: are set beside first-delay or max-delay; fixed delays or growing ones");
        return retry.policy();
    }

    /** Within the time that Spring gives to a phase of its shutdown: after that, data sources are closed. */
    private Duration drainTimeout(WorkerSpec spec, StartupProblems problems) {
        WorkerProperties properties = spec.properties();
        Duration flush = properties.flushTimeout() == null ? FLUSH_TIMEOUT : properties.flushTimeout();
        Duration left = shutdownTimeout.minus(flush).minus(MARGIN);
        Duration drain = properties.drainTimeout();
        if (drain == null) {
            Duration within = left.compareTo(DRAIN_TIMEOUT) < 0 ? left : DRAIN_TIMEOUT;
            return within.isNegative() ? Duration.ZERO : within;
        }
        problems.when(
                drain.compareTo(left) > 0,
                spec.prefix() + ".drain-timeout: " + drain.toMillis() + "ms and the flush-timeout of "
                        + flush.toMillis()
                        + "ms do not fit into spring.lifecycle.timeout-per-shutdown-phase, which is "
                        + shutdownTimeout.toMillis() + "ms");
        return drain;
    }
}
