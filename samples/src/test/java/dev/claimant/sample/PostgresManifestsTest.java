package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.JobResult;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.keda.FinishedPod;
import dev.claimant.sample.keda.JobProgress;
import dev.claimant.sample.keda.JobProgress.Next;
import dev.claimant.sample.keda.JobTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresManifestsTest extends ShippedManifests {

    PostgresManifestsTest() {
        super("postgres", "clap");
    }

    @Test
    void theQueryOfBothTriggersIsTheBackendsOwn() {
        try (PostgresSource source =
                ClapTables.source(new PGSimpleDataSource(), Duration.ofSeconds(30), Duration.ofSeconds(60))) {
            String query = source.scalingQuery();
            assertThat(scaledJob.triggers())
                    .singleElement()
                    .satisfies(trigger -> assertThat(trigger.metadata()).containsEntry("query", query));
            assertThat(scaledObject.triggers())
                    .singleElement()
                    .satisfies(trigger -> assertThat(trigger.metadata()).containsEntry("query", query));
        }
    }

    @Test
    void exactlyTheWorkersOfTheScaledJobHaveAnOwner() {
        Yaml owner = container(job.at("template", "spec")).at("env").named("CLAIMANT_OWNER");

        assertThat(owner.at("valueFrom", "fieldRef", "fieldPath").text())
                .isEqualTo("metadata.labels['batch.kubernetes.io/job-name']");
        assertThat(settings(deployment.at("template", "spec")).job().owner()).isNull();
    }

    @Test
    void theLastPodOfAJobIsTheOneThatGivesTheMessageUp() {
        JobTemplate template = scaledJob.job();

        assertThat(template.backoffLimit()).isEqualTo(number(job.at("template", "spec"), "CLAIMANT_MAX_ATTEMPTS") - 1);
        assertThat(job.at("parallelism").number()).isEqualTo(1);
        assertThat(job.at("podReplacementPolicy").text()).isEqualTo("Failed");
    }

    @Test
    void exitCodesMeanToTheJobWhatTheyMeanToTheWorker() {
        assertThat(next(JobResult.DONE)).isEqualTo(Next.JOB_COMPLETE);
        assertThat(next(JobResult.RESERVED)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.TRY_AGAIN)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.TERMINATED)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.MISCONFIGURED)).isEqualTo(Next.JOB_FAILED);
        JobProgress.Step evicted =
                progress().after(new FinishedPod(JobResult.TERMINATED, Set.of("DisruptionTarget")), Duration.ZERO);
        assertThat(evicted.progress().failures()).isZero();
    }

    @Test
    void aReservationOutlastsTheLongestBackOffOfItsJob() {
        Duration longest = Duration.ZERO;
        JobProgress progress = progress();
        for (int failure = 1; failure <= scaledJob.job().backoffLimit(); failure++) {
            JobProgress.Step step = progress.after(new FinishedPod(1, Set.of()), Duration.ZERO);
            longest = step.backOff();
            progress = step.progress();
        }

        assertThat(longest).isPositive();
        assertThat(seconds(job.at("template", "spec"), "CLAIMANT_RESERVATION_SECONDS"))
                .isGreaterThan(longest.multipliedBy(2));
    }

    @ParameterizedTest
    @MethodSource("podSpecs")
    void theWorkerAcceptsItsEnvironment(Yaml pod) {
        Settings settings = settings(pod);

        assertThat(((ClapWork) settings.work()).postgres().database()).isEqualTo("clap");
    }

    @ParameterizedTest
    @CsvSource({"Deployment, template", "ScaledJob, jobTargetRef template"})
    void theTlsOptionHasPasswordAndAuthorityInFiles(String kind, String template) {
        Yaml pod = with("tls", kind).at("spec").at(template.split(" ")).at("spec");

        Yaml mounts = container(pod).at("volumeMounts");
        assertThat(environment(pod))
                .doesNotContainKey("PGPASSWORD")
                .containsEntry(
                        "PGPASSWORD_FILE", mounts.named("login").at("mountPath").text() + "/password")
                .containsEntry(
                        "PGSSLROOTCERT", mounts.named("tls").at("mountPath").text() + "/ca.crt");
        assertThat(pod.at("volumes").named("login").at("secret", "secretName").text())
                .isEqualTo("clap-database");
    }

    @Test
    void theImageStartsTheJvmAsTheDemoDoes() throws IOException {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        String flags = Image.JVM_FLAGS.stream().map(flag -> '"' + flag + '"').collect(Collectors.joining(", "));

        assertThat(dockerfile).contains("ENTRYPOINT [\"tini\", \"--\", \"/opt/java/bin/java\", " + flags);
    }

    private Next next(int exitCode) {
        return progress()
                .after(new FinishedPod(exitCode, Set.of()), Duration.ZERO)
                .next();
    }

    private JobProgress progress() {
        return JobProgress.of(scaledJob.job());
    }
}
