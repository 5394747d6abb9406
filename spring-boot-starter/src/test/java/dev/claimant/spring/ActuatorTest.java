package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Handler;
import dev.claimant.Worker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ActuatorTest {

    @Configuration(proxyBeanMethods = false)
    static class OneWorker {

        @Bean
        Handler emails() {
            return claim -> {};
        }
    }

    private static ApplicationContextRunner application() {
        return Contexts.inMemory()
                .withUserConfiguration(OneWorker.class)
                .withConfiguration(AutoConfigurations.of(
                        ClaimantActuatorConfiguration.class,
                        ClaimantMetricsConfiguration.class,
                        EndpointAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class,
                        AvailabilityProbesAutoConfiguration.class,
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class))
                .withBean(ApplicationAvailabilityBean.class)
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues(
                        "management.endpoint.health.probes.enabled=true",
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoints.jmx.exposure.include=*",
                        "management.endpoint.claimant.access=UNRESTRICTED");
    }

    @Test
    void theProbesFollowTheWorkers() {
        application().run(context -> {
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(status(health, "readiness", "claimantReadiness")).isEqualTo(Status.UP);
            assertThat(status(health, "liveness", "claimantLiveness")).isEqualTo(Status.UP);

            context.getBean(ClaimantWorkers.class).worker("emails").drain();

            assertThat(status(health, "readiness", "claimantReadiness")).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(status(health, "liveness", "claimantLiveness")).isEqualTo(Status.UP);
        });
    }

    private static Status status(HealthEndpoint health, String... path) {
        return Objects.requireNonNull(health.healthForPath(path)).getStatus();
    }

    @Test
    void theEndpointShowsAndSteersTheWorkers() {
        ApplicationContextRunner notStarted =
                application().withPropertyValues("claimant.workers.emails.slots=3", "claimant.auto-startup=false");
        notStarted.run(context -> {
            ClaimantEndpoint endpoint = context.getBean(ClaimantEndpoint.class);
            assertThat(endpoint.workers()).containsOnlyKeys("emails");
            assertThat(description(endpoint).budgets().slots()).isEqualTo(3);

            endpoint.act("emails", "pause");
            context.getBean(InMemoryQueues.class).send("emails", "waits");
            context.getBean(WorkersLifecycle.class).start();
            assertThat(backlog(endpoint)).containsEntry("ready", 1L);

            endpoint.act("emails", "resume");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Long.valueOf(0).equals(backlog(endpoint).get("scaler")));

            endpoint.act("emails", "drain");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> description(endpoint).state().equals(Worker.State.STOPPED.name()));
            assertThat(endpoint.worker("nobody")).isNull();
            assertThatThrownBy(() -> endpoint.act("emails", "explode"))
                    .isInstanceOf(InvalidEndpointRequestException.class);
        });
    }

    private static ClaimantEndpoint.Description description(ClaimantEndpoint endpoint) {
        return Objects.requireNonNull(endpoint.worker("emails"));
    }

    private static Map<String, Object> backlog(ClaimantEndpoint endpoint) {
        return Objects.requireNonNull(description(endpoint).backlog());
    }

    @Test
    void theMetersOfEachWorkerAreInTheApplicationsRegistry() {
        application().run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("claimant.slots")
                            .tag("source", "emails")
                            .gauge()
                            .value())
                    .isEqualTo(10);
            assertThat(registry.find("claimant.backlog.scaler")
                            .tag("source", "emails")
                            .gauge())
                    .isNotNull();
        });
    }
}
