package dev.claimant.sample.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.sample.keda.JobTemplate;
import dev.claimant.sample.keda.PodFailureRule;
import dev.claimant.sample.keda.PodFailureRule.Action;
import dev.claimant.sample.keda.PodFailureRule.Operator;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.PodTemplate.EnvValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {

    private static final PodFailureRule FAIL_JOB_ON_78 =
            new PodFailureRule(Action.FAIL_JOB, Operator.IN, Set.of(78), Set.of());

    @TempDir
    Path folder;

    private final List<String> news = new ArrayList<>();

    @Test
    void aPodThatFailsIsFollowedByAnotherUntilTheBackOffLimitIsPassed() {
        Job job = run(job("exit 1", Optional.empty()));

        assertThat(exitCodes(job)).containsExactly(1, 1, 1);
        assertThat(job.isComplete()).isFalse();
        assertThat(news).last().asString().contains("job has failed: BackoffLimitExceeded");
    }

    @Test
    void aPodThatExitsWithACodeOfTheFailurePolicyEndsTheJob() {
        Job job = run(job("exit 78", Optional.empty()));

        assertThat(exitCodes(job)).containsExactly(78);
        assertThat(news).last().asString().contains("job has failed: PodFailurePolicy");
    }

    @Test
    void aJobPastItsDeadlineIsTerminated() {
        Job job = run(job("exec sleep 600", Optional.of(Duration.ofSeconds(10))));

        assertThat(exitCodes(job)).containsExactly(143);
        assertThat(news).last().asString().contains("job has failed: DeadlineExceeded");
    }

    @Test
    void aPodThatIgnoresItsTerminationIsKilledAfterItsGrace() {
        Job job = run(job("trap '' TERM; while :; do sleep 0.1; done", Optional.of(Duration.ofSeconds(10))));

        assertThat(exitCodes(job)).containsExactly(137);
    }

    @Test
    void aPodHasTheEnvironmentOfItsTemplateAndNothingElse() {
        Job job = run(job("env", Optional.empty()));
        String environment = job.pods().get(0).log();

        assertThat(environment.lines())
                .contains(
                        "HOSTNAME=job-1", "OWNER=job", "POD=job-1", "SOURCE=postgres", "PASSWORD=hidden", "EXTRA=here");
        assertThat(environment).doesNotContain("HOME=");
    }

    @Test
    void aVariableThatNothingGivesAValueIsNamed() {
        PodTemplate pod = pod("env", Map.of("USER", new EnvValue.SecretKey("database", "user")));

        assertThatThrownBy(() -> pods().start(pod, "pod", "job")).hasMessageContaining("the value of USER");
    }

    private static Job run(Job job) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            job.tick();
            return job.isFinished();
        });
        return job;
    }

    private static List<Integer> exitCodes(Job job) {
        return job.pods().stream().map(pod -> pod.exitCode().orElseThrow()).toList();
    }

    private Job job(String script, Optional<Duration> deadline) {
        Map<String, EnvValue> env = Map.of(
                "SOURCE", new EnvValue.Literal("postgres"),
                "PASSWORD", new EnvValue.SecretKey("database", "password"),
                "POD", new EnvValue.PodField("metadata.name"),
                "OWNER", new EnvValue.PodField("metadata.labels['batch.kubernetes.io/job-name']"));
        JobTemplate template = new JobTemplate(2, deadline, List.of(FAIL_JOB_ON_78), pod(script, env));
        return new Job("job", template, pods(), new Pace(100), news::add);
    }

    private static PodTemplate pod(String script, Map<String, EnvValue> env) {
        return new PodTemplate("worker", "image", List.of("sh", "-c"), List.of(script), env, Duration.ofSeconds(1));
    }

    private Pods pods() {
        return new Pods(Map.of("database", Map.of("password", "hidden")), Map.of("EXTRA", "here"), folder);
    }
}
