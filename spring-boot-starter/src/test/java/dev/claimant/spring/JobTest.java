package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Handler;
import dev.claimant.JobResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The application as a Job; that its process ends with the code, a test of the sample shows. */
class JobTest {

    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    static class TwoWorkers {

        @Bean
        Handler emails() {
            return claim -> {};
        }

        @Bean
        Handler failing() {
            return claim -> {
                throw new IllegalStateException("no");
            };
        }
    }

    private static ApplicationContextRunner job(String... properties) {
        return Contexts.inMemory()
                .withUserConfiguration(TwoWorkers.class)
                .withPropertyValues(
                        "claimant.job.enabled=true", "claimant.job.exit=false", "claimant.job.idle-timeout=0s")
                .withPropertyValues(properties);
    }

    @Test
    void theNamedWorkerRunsOneJobAndNoWorkerIsStarted() throws Exception {
        Path summary = Files.createFile(folder.resolve("summary"));
        job("claimant.job.worker=emails", "claimant.job.messages=2", "claimant.job.termination-log=" + summary)
                .run(context -> {
                    InMemoryQueues queues = context.getBean(InMemoryQueues.class);
                    queues.send("emails", "1");
                    queues.send("emails", "2");
                    queues.send("emails", "3");
                    JobRunner runner = context.getBean(JobRunner.class);
                    runner.run(new DefaultApplicationArguments());

                    assertThat(runner.getExitCode()).isEqualTo(JobResult.DONE);
                    assertThat(queues.queue("emails").backlog().ready()).hasValue(1);
                });
        assertThat(summary).content().contains("\"completed\":2");
    }

    @Test
    void aFailedMessageIsKeptForTheOwnersNextPod() {
        job("claimant.job.worker=failing", "claimant.job.owner=job-1").run(context -> {
            context.getBean(InMemoryQueues.class).send("failing", "1");
            JobRunner runner = context.getBean(JobRunner.class);
            runner.run(new DefaultApplicationArguments());

            assertThat(runner.getExitCode()).isEqualTo(JobResult.RESERVED);
        });
    }

    @Test
    void withTwoWorkersOneMustBeNamedAndItsSettingsAreChecked() {
        job("claimant.job.messages=0").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .hasMessageContaining("claimant.job.worker: must be set; there are the workers [emails, failing]")
                    .hasMessageContaining("claimant.job.messages: 0 must be at least 1");
        });
    }
}
