package dev.claimant.sample;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.JobResult;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.keda.FinishedPod;
import dev.claimant.sample.keda.JobRun;
import dev.claimant.sample.keda.JobRun.Next;
import dev.claimant.sample.keda.JobTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The manifests say what the code means: names lead somewhere, settings are settings, numbers fit together. */
class PostgresManifestsTest {

    private static final Path FOLDER = Path.of("..", "deploy", "postgres");
    private static final List<Yaml> DOCUMENTS = Yaml.readAll(FOLDER);
    private static final ScaledJob SCALED_JOB = ScaledJob.read(FOLDER.resolve("scaledjob.yaml"));
    private static final ScaledObject SCALED_OBJECT = ScaledObject.read(FOLDER.resolve("scaledobject.yaml"));
    private static final Yaml JOB = document("ScaledJob").at("spec", "jobTargetRef");
    private static final Yaml DEPLOYMENT = document("Deployment").at("spec");

    static final List<Yaml> POD_SPECS = List.of(JOB.at("template", "spec"), DEPLOYMENT.at("template", "spec"));

    /** The longest that core waits for its own threads once all is settled. */
    private static final int LAST_MOMENTS = 2;

    @Test
    void theQueryOfBothTriggersIsTheBackendsOwn() {
        try (PostgresSource source = ClapTables.source(new PGSimpleDataSource(), Duration.ofSeconds(30))) {
            String query = source.scalingQuery();
            assertThat(SCALED_JOB.triggers())
                    .singleElement()
                    .satisfies(trigger -> assertThat(trigger.metadata()).containsEntry("query", query));
            assertThat(SCALED_OBJECT.triggers())
                    .singleElement()
                    .satisfies(trigger -> assertThat(trigger.metadata()).containsEntry("query", query));
        }
    }

    @Test
    void aQueryThatCountsWorkInFlightGoesWithStrategyDefault() {
        assertThat(SCALED_JOB.strategy().kind()).isEqualTo(Kind.DEFAULT);
        assertThat(document("ScaledJob").at("spec", "rollout", "strategy").text())
                .isEqualTo("gradual");
    }

    @Test
    void everySecretKeyAndEveryNameThatIsReferredToExists() {
        Map<String, Set<String>> keys = documents("Secret")
                .collect(toMap(
                        secret -> secret.at("metadata", "name").text(),
                        secret -> secret.at("stringData").names()));
        List<Yaml> references = DOCUMENTS.stream().flatMap(Yaml::all).toList();

        assertThat(references)
                .filteredOn(node -> node.at("secretKeyRef").isSet())
                .isNotEmpty()
                .allSatisfy(node -> assertThat(
                                keys.get(node.at("secretKeyRef", "name").text()))
                        .contains(node.at("secretKeyRef", "key").text()));
        Yaml authentication = document("TriggerAuthentication");
        assertThat(authentication.at("spec", "secretTargetRef").items())
                .isNotEmpty()
                .allSatisfy(target -> assertThat(keys.get(target.at("name").text()))
                        .contains(target.at("key").text()));
        assertThat(references)
                .filteredOn(node -> node.at("authenticationRef").isSet())
                .hasSize(2)
                .allSatisfy(
                        node -> assertThat(node.at("authenticationRef", "name").text())
                                .isEqualTo(authentication.at("metadata", "name").text()));
        assertThat(SCALED_OBJECT.scaleTarget())
                .isEqualTo(document("Deployment").at("metadata", "name").text());
        assertThat(DEPLOYMENT.at("selector", "matchLabels").node())
                .isEqualTo(DEPLOYMENT.at("template", "metadata", "labels").node());
        assertThat(document("Kustomization").at("resources").items())
                .allSatisfy(
                        resource -> assertThat(FOLDER.resolve(resource.text())).exists());
    }

    @Test
    void exactlyTheWorkersOfTheScaledJobHaveAnOwner() {
        Yaml owner = container(JOB.at("template", "spec")).at("env").named("CLAIMANT_OWNER");

        assertThat(owner.at("valueFrom", "fieldRef", "fieldPath").text())
                .isEqualTo("metadata.labels['batch.kubernetes.io/job-name']");
        assertThat(settings(DEPLOYMENT.at("template", "spec")).job().owner()).isNull();
    }

    @Test
    void theLastPodOfAJobIsTheOneThatGivesTheMessageUp() {
        JobTemplate job = SCALED_JOB.job();

        assertThat(job.backoffLimit()).isEqualTo(number(JOB.at("template", "spec"), "CLAIMANT_MAX_ATTEMPTS") - 1);
        assertThat(JOB.at("parallelism").number()).isEqualTo(1);
        assertThat(JOB.at("podReplacementPolicy").text()).isEqualTo("Failed");
    }

    @Test
    void exitCodesMeanToTheJobWhatTheyMeanToTheWorker() {
        assertThat(next(JobResult.DONE)).isEqualTo(Next.JOB_COMPLETE);
        assertThat(next(JobResult.RESERVED)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.TRY_AGAIN)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.TERMINATED)).isEqualTo(Next.RETRY_POD);
        assertThat(next(JobResult.MISCONFIGURED)).isEqualTo(Next.JOB_FAILED);
        JobRun.Step evicted =
                run().after(new FinishedPod(JobResult.TERMINATED, Set.of("DisruptionTarget")), Duration.ZERO);
        assertThat(evicted.run().failures()).isZero();
    }

    @Test
    void aReservationOutlastsTheLongestBackOffOfItsJob() {
        Duration longest = Duration.ZERO;
        JobRun run = run();
        for (int failure = 1; failure <= SCALED_JOB.job().backoffLimit(); failure++) {
            JobRun.Step step = run.after(new FinishedPod(1, Set.of()), Duration.ZERO);
            longest = step.backOff();
            run = step.run();
        }

        assertThat(longest).isPositive();
        assertThat(seconds(JOB.at("template", "spec"), "CLAIMANT_RESERVATION_SECONDS"))
                .isGreaterThan(longest.multipliedBy(2));
    }

    @Test
    void theDeadlineOfAJobLeavesTimeForAllItsPods() {
        Duration handler = seconds(JOB.at("template", "spec"), "CLAIMANT_HANDLER_TIMEOUT_SECONDS");
        Duration backOffs = Duration.ofSeconds(10 + 20 + 40);

        assertThat(SCALED_JOB.job().activeDeadline().orElseThrow())
                .isGreaterThan(handler.multipliedBy(SCALED_JOB.job().backoffLimit() + 1L)
                        .plus(backOffs));
    }

    @Test
    void aReplicaIsMeantToHaveAsManyMessagesAsItHasSlots() {
        assertThat(SCALED_OBJECT.triggers().get(0).target())
                .isEqualTo(number(DEPLOYMENT.at("template", "spec"), "CLAIMANT_SLOTS"));
        assertThat(DEPLOYMENT.at("replicas").isSet()).isFalse();
        Yaml trigger = document("ScaledObject").at("spec", "triggers").items().get(0);
        assertThat(trigger.at("useCachedMetrics").node()).isEqualTo(true);
    }

    @ParameterizedTest
    @FieldSource("POD_SPECS")
    void theWorkerAcceptsItsEnvironment(Yaml pod) {
        Settings settings = settings(pod);

        assertThat(((ClapWork) settings.work()).postgres().database()).isEqualTo("clap");
    }

    @ParameterizedTest
    @FieldSource("POD_SPECS")
    void thePodsGraceCoversTheDrain(Yaml pod) {
        Settings settings = settings(pod);

        assertThat(Duration.ofSeconds(pod.at("terminationGracePeriodSeconds").number()))
                .isGreaterThan(
                        settings.drainTimeout().plus(settings.flushTimeout()).plusSeconds(LAST_MOMENTS));
    }

    @ParameterizedTest
    @FieldSource("POD_SPECS")
    void theProbesAskTheManagementPort(Yaml pod) {
        Yaml container = container(pod);
        Yaml port = container.at("ports").named("management");

        assertThat(port.at("containerPort").number()).isEqualTo(settings(pod).managementPort());
        assertThat(container.at("readinessProbe", "httpGet").node())
                .isEqualTo(Map.of("path", "/readyz", "port", "management"));
        assertThat(container.at("livenessProbe", "httpGet").node())
                .isEqualTo(Map.of("path", "/livez", "port", "management"));
    }

    @ParameterizedTest
    @FieldSource("POD_SPECS")
    void thePodIsAllowedByTheRestrictedSecurityStandard(Yaml pod) {
        Yaml container = container(pod);

        assertThat(pod.at("securityContext", "runAsNonRoot").node()).isEqualTo(true);
        assertThat(pod.at("securityContext", "seccompProfile", "type").text()).isEqualTo("RuntimeDefault");
        assertThat(container.at("securityContext", "allowPrivilegeEscalation").node())
                .isEqualTo(false);
        assertThat(container.at("securityContext", "capabilities", "drop").node())
                .isEqualTo(List.of("ALL"));
        assertThat(container.at("resources", "limits", "memory").isSet()).isTrue();
    }

    @Test
    void theImageStartsTheJvmAsTheDemoDoes() throws IOException {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        String flags = Image.JVM_FLAGS.stream().map(flag -> '"' + flag + '"').collect(Collectors.joining(", "));

        assertThat(dockerfile).contains("ENTRYPOINT [\"java\", " + flags);
    }

    private static Next next(int exitCode) {
        return run().after(new FinishedPod(exitCode, Set.of()), Duration.ZERO).next();
    }

    private static JobRun run() {
        return JobRun.of(SCALED_JOB.job());
    }

    private static Settings settings(Yaml pod) {
        return Settings.read(container(pod).at("env").items().stream()
                .collect(toMap(variable -> variable.at("name").text(), PostgresManifestsTest::value)));
    }

    /** As the cluster would resolve it. */
    private static String value(Yaml variable) {
        Yaml secret = variable.at("valueFrom", "secretKeyRef");
        if (secret.isSet()) {
            return documents("Secret")
                    .filter(document -> document.at("metadata", "name").equals(secret.at("name")))
                    .map(document ->
                            document.at("stringData", secret.at("key").text()).text())
                    .findFirst()
                    .orElseThrow();
        }
        return variable.at("valueFrom").isSet()
                ? "clap-1"
                : variable.at("value").text();
    }

    private static int number(Yaml pod, String variable) {
        return container(pod).at("env").named(variable).at("value").number();
    }

    private static Duration seconds(Yaml pod, String variable) {
        return Duration.ofSeconds(number(pod, variable));
    }

    private static Yaml container(Yaml pod) {
        return pod.at("containers").named("clap");
    }

    private static Yaml document(String kind) {
        return documents(kind).findFirst().orElseThrow();
    }

    private static Stream<Yaml> documents(String kind) {
        return DOCUMENTS.stream().filter(document -> document.at("kind").text().equals(kind));
    }
}
