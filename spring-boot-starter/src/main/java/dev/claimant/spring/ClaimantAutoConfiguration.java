package dev.claimant.spring;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The workers of the application. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration"
        })
@EnableConfigurationProperties(ClaimantProperties.class)
class ClaimantAutoConfiguration {

    @Bean
    WorkersLifecycle claimantWorkersLifecycle(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            ClaimantProperties properties,
            ObjectProvider<PayloadReader> json,
            ObjectProvider<SourceProvider> providers,
            ObjectProvider<InMemoryQueues> inMemory,
            ObjectProvider<ListenerTransactions> transactions,
            ObjectProvider<HandlerDecorator> decorators,
            ObjectProvider<WorkerCustomizer> customizers,
            ObjectProvider<WorkerMeters> meters) {
        WorkersLifecycle.Build build = () -> {
            StartupProblems problems = new StartupProblems();
            Listeners listeners = new Listeners(
                    beans, json.getIfAvailable(), ApplicationConversionService.getSharedInstance(), problems);
            Map<String, WorkerSpec> specs =
                    WorkerSpecs.of(listeners.find(), properties.workers(), environment, problems);
            Sources sources = new Sources(beans, providers.orderedStream().toList(), inMemory);
            WorkerFactory factory = new WorkerFactory(
                    sources, transactions, decorators, customizers, meters, shutdownTimeout(environment));
            Map<String, RunningWorker> workers = new TreeMap<>();
            for (WorkerSpec spec : specs.values()) {
                RunningWorker worker = factory.build(spec, problems);
                if (worker != null) {
                    workers.put(spec.name(), worker);
                }
            }
            problems.throwIfAny();
            return workers;
        };
        return new WorkersLifecycle(
                build, properties.autoStartup() && !properties.job().enabled());
    }

    @Bean
    ClaimantWorkers claimantWorkers(WorkersLifecycle lifecycle) {
        return new ClaimantWorkers(lifecycle::workers);
    }

    @Bean
    @ConditionalOnBooleanProperty("claimant.job.enabled")
    JobRunner claimantJobRunner(ClaimantProperties properties, WorkersLifecycle lifecycle) {
        return new JobRunner(properties.job(), lifecycle::workers);
    }

    @Bean
    @ConditionalOnBooleanProperty("claimant.job.enabled")
    @ConditionalOnBooleanProperty(name = "claimant.job.exit", matchIfMissing = true)
    JobExit claimantJobExit() {
        return new JobExit();
    }

    private static Duration shutdownTimeout(Environment environment) {
        String text = environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s");
        return DurationStyle.detectAndParse(text);
    }
}
