package dev.claimant.spring;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Application contexts with Claimant's auto-configuration and little else. */
final class Contexts {

    private Contexts() {}

    /** Sources as the properties say. */
    static ApplicationContextRunner withSources() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ClaimantAutoConfiguration.class,
                        ClaimantSourcesConfiguration.class,
                        ClaimantJsonConfiguration.class,
                        JacksonAutoConfiguration.class));
    }

    static ApplicationContextRunner inMemory() {
        return withSources().withUserConfiguration(InMemoryConfiguration.class);
    }
}
