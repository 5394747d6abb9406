package dev.claimant.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The workers in the actuator: health, probes and an endpoint. */
@AutoConfiguration(
        after = ClaimantAutoConfiguration.class,
        // whose post-processor makes the groups for the probes, and has the same order as ours
        afterName =
                "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration")
class ClaimantActuatorConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Endpoints {

        @Bean
        @ConditionalOnAvailableEndpoint(endpoint = ClaimantEndpoint.class)
        ClaimantEndpoint claimantEndpoint(ClaimantWorkers workers) {
            return new ClaimantEndpoint(workers);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, HealthEndpointGroupsPostProcessor.class})
    @ConditionalOnEnabledHealthIndicator("claimant")
    static class HealthIndicators {

        @Bean(ProbeGroups.ALIVE)
        HealthIndicator claimantLiveness(ClaimantWorkers workers) {
            return WorkersHealth.alive(workers);
        }

        @Bean(ProbeGroups.READY)
        HealthIndicator claimantReadiness(ClaimantWorkers workers) {
            return WorkersHealth.ready(workers);
        }

        @Bean
        static ProbeGroups claimantProbeGroups() {
            return new ProbeGroups();
        }
    }
}
