package dev.claimant.sample;

import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.micrometer.WorkerMetrics;
import dev.claimant.spi.Source;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** Workers whose {@code /metrics} Prometheus can read. */
final class Measured {

    private static final Duration BACKLOG_AT_MOST_EVERY = Duration.ofSeconds(30);

    private Measured() {}

    static Worker worker(WorkerBuilder builder, Source source, String sourceName) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WorkerMetrics metrics = new WorkerMetrics(registry, sourceName);
        Worker worker = builder.metrics(registry::scrape).listener(metrics).build();
        metrics.watch(worker).watch(source, BACKLOG_AT_MOST_EVERY);
        return worker;
    }
}
