package dev.claimant.spring;

import dev.claimant.postgres.PostgresQueue;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** An observation of each run of a handler and each enqueue, and with it the traces of Spring Boot. */
@AutoConfiguration(
        before = ClaimantAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "claimant.observations", matchIfMissing = true)
class ClaimantObservationConfiguration {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    HandlerDecorator claimantObservations(ObservationRegistry registry) {
        return (worker, handler) -> handler.around(new ObservationInterceptor(worker, registry));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PostgresQueue.class)
    static class Postgres {

        @Bean
        static ObservedQueues claimantObservedQueues(ObjectProvider<ObservationRegistry> registry) {
            return new ObservedQueues(registry);
        }
    }
}
