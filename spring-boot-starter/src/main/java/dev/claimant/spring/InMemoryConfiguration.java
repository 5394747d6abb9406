package dev.claimant.spring;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What {@link InMemoryClaimant} brings. */
@Configuration(proxyBeanMethods = false)
class InMemoryConfiguration {

    @Bean
    InMemoryQueues claimantInMemoryQueues() {
        return new InMemoryQueues();
    }
}
