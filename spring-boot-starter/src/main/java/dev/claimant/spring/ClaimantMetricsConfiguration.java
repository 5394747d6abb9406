package dev.claimant.spring;

import dev.claimant.micrometer.WorkerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters of every worker in the application's registry. */
@AutoConfiguration(
        before = ClaimantAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
class ClaimantMetricsConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    WorkerMeters claimantWorkerMeters(MeterRegistry registry, ClaimantProperties properties) {
        Duration interval = properties.backlogInterval();
        return (name, builder) -> {
            WorkerMetrics metrics = new WorkerMetrics(registry, name);
            builder.listener(metrics);
            return (worker, source) -> {
                metrics.watch(worker);
                if (!interval.isZero()) {
                    metrics.watch(source, interval);
                }
            };
        };
    }
}
