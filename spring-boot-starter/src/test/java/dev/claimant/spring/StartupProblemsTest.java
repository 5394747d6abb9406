package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.JobResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is wrong is said at start-up, all at once, by the names of the properties. */
class StartupProblemsTest {

    @Configuration(proxyBeanMethods = false)
    static class Wrong {

        @ClaimantListener("emails")
        String returning(Claim claim) {
            return claim.text();
        }

        @ClaimantListener("orders")
        void twoPayloads(String one, byte[] other) {}

        @ClaimantListener("Not a name")
        void wrongName(Claim claim) {}

        @Bean
        Handler orders() {
            return claim -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Right {

        @Bean
        Handler emails() {
            return claim -> {};
        }
    }

    @Test
    void everyProblemOfListenersAndWorkersIsReportedAtOnce() {
        List<String> problems = problems(
                Contexts.inMemory().withUserConfiguration(Wrong.class),
                "claimant.workers.emails.slots=0",
                "claimant.workers.emails.flush-timeout=-1s",
                "claimant.workers.emails.retry.max-attempts=0",
                "claimant.workers.nobody.slots=1");

        assertThat(problems)
                .contains(
                        "Wrong.returning(Claim): returns String; a listener returns nothing, for its message is completed when it returns",
                        "Wrong.twoPayloads(String, byte[]): has 2 parameters that could be the payload; one at most, others need @Header",
                        "claimant.workers.emails.slots: 0 must be at least 1",
                        "claimant.workers.emails.flush-timeout: PT-1S must be longer than zero")
                .anyMatch(problem -> problem.startsWith("claimant.workers.orders: Wrong.twoPayloads(String, byte[]) and"
                        + " the bean orders both want to be its handler"))
                .anyMatch(problem -> problem.contains("'Not a name' is no name for a worker"))
                .anyMatch(problem -> problem.startsWith("claimant.workers.emails.retry.max-attempts: 0"))
                .anyMatch(problem -> problem.startsWith("claimant.workers.nobody: has no handler"));
    }

    @Test
    void aWorkerWithoutASourceOrWithTwoOrOneThatIsNotThereIsNamed() {
        ApplicationContextRunner application = Contexts.withSources().withUserConfiguration(Right.class);

        assertThat(problems(application))
                .singleElement()
                .asString()
                .startsWith("claimant.workers.emails: has no source");
        assertThat(problems(
                        application,
                        "claimant.workers.emails.sqs.url=https://sqs.eu-west-1.amazonaws.com/1/q",
                        "claimant.workers.emails.kafka.topics=a"))
                .containsExactly("claimant.workers.emails: has the sources sqs, kafka; each worker has one");
        assertThat(problems(application, "claimant.workers.emails.postgres.queue=mails"))
                .containsExactly("claimant.workers.emails.postgres: needs claimant-backend-postgres on the class path,"
                        + " and a DataSource");
        assertThat(problems(application, "claimant.workers.emails.source=nowhere"))
                .singleElement()
                .asString()
                .startsWith("claimant.workers.emails.source: 'nowhere' is no bean of type Source");
    }

    @Test
    void aBackendsOwnProblemsAreNamedAsProperties() {
        assertThat(problems(
                        Contexts.withSources().withUserConfiguration(Right.class),
                        "claimant.workers.emails.rabbitmq.uri=amqp://localhost",
                        "claimant.workers.emails.rabbitmq.longest-retry=365d",
                        "claimant.workers.emails.rabbitmq.request-timeout=0s"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(problem -> problem.startsWith("claimant.workers.emails.rabbitmq."))
                .anyMatch(problem -> problem.contains(".rabbitmq.longest-retry:"));
        assertThat(problems(
                        Contexts.withSources().withUserConfiguration(Right.class),
                        "claimant.workers.emails.kafka.topics=a"))
                .containsExactly("claimant.workers.emails.kafka.bootstrap-servers: must be set");
        assertThat(problems(
                        Contexts.withSources().withUserConfiguration(Right.class),
                        "claimant.workers.emails.servicebus.lock-length=1s"))
                .hasSize(2)
                .allMatch(problem -> problem.startsWith("claimant.workers.emails.servicebus."))
                .anyMatch(problem -> problem.contains(".servicebus.connection-string: it has no Endpoint"))
                .anyMatch(problem -> problem.contains(".servicebus.lock-length: PT1S must be between"));
    }

    @Test
    void aDrainThatSpringWouldCutOffIsRefused() {
        assertThat(problems(
                        Contexts.inMemory().withUserConfiguration(Right.class),
                        "claimant.workers.emails.drain-timeout=20s",
                        "spring.lifecycle.timeout-per-shutdown-phase=10s"))
                .singleElement()
                .asString()
                .startsWith("claimant.workers.emails.drain-timeout: 20000ms")
                .contains("spring.lifecycle.timeout-per-shutdown-phase");
    }

    @Test
    void anUnknownPropertyIsNamed() {
        Contexts.inMemory()
                .withUserConfiguration(Right.class)
                .withPropertyValues("claimant.workers.emails.slotz=3")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("claimant.workers.emails.slotz"));
    }

    @Test
    void theFailureIsPrintedAsAListAndEndsAJobWithTheCodeForAWrongConfiguration() {
        Contexts.withSources().withUserConfiguration(Right.class).run(context -> {
            Throwable failure = Objects.requireNonNull(context.getStartupFailure());
            FailureAnalysis analysis = Objects.requireNonNull(new ConfigurationFailureAnalyzer().analyze(failure));
            assertThat(analysis.getDescription()).contains("\n  - claimant.workers.emails: has no source");
            assertThat(root(failure))
                    .isInstanceOfSatisfying(
                            ExitCodeGenerator.class,
                            code -> assertThat(code.getExitCode()).isEqualTo(JobResult.MISCONFIGURED));
        });
    }

    private static List<String> problems(ApplicationContextRunner application, String... properties) {
        List<List<String>> found = new ArrayList<>();
        application.withPropertyValues(properties).run(context -> {
            assertThat(context).hasFailed();
            found.add(((WrongConfiguration) root(Objects.requireNonNull(context.getStartupFailure()))).problems());
        });
        return found.get(0);
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }
}
