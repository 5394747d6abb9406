package dev.claimant.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.check.CheckCommand;
import dev.claimant.sample.manifests.ManifestsCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as helm renders it. */
class ChartTest {

    private static final String IMAGE = "registry.example.com/worker:1";
    private static final List<String> SOUND =
            List.of("source=postgres", "mode=workers", "queue=emails", "secret=emails", "image=" + IMAGE);

    static Stream<String[]> workers() {
        return Stream.of("postgres", "rabbitmq", "sqs", "kafka", "servicebus")
                .flatMap(source -> Stream.of(new String[] {source, "jobs"}, new String[] {source, "workers"}));
    }

    @ParameterizedTest
    @MethodSource("workers")
    void itMakesWhatTheCommandPrints(String source, String mode) throws IOException {
        List<String> values = List.of(
                "source=" + source,
                "mode=" + mode,
                "queue=Tom's \"mail\"",
                "secret=post",
                "image=" + IMAGE,
                "slots=7",
                "max=300");
        Map<String, Object> chart = byKind(rendered("tom-s-mail", values));
        Map<String, Object> printed = byKind(printed(
                source,
                mode,
                "--queue",
                "Tom's \"mail\"",
                "--secret",
                "post",
                "--image",
                IMAGE,
                "--slots",
                "7",
                "--max",
                "300"));

        assertThat(chart).containsAllEntriesOf(printed);
        assertThat(chart.keySet()).hasSize(printed.size() + 1).contains("NetworkPolicy");
    }

    @ParameterizedTest
    @MethodSource("workers")
    void whatItMakesIsSound(String source, String mode) throws IOException {
        assertSound(rendered("emails", with("source=" + source, "mode=" + mode)));
        assertSound(rendered(
                "emails",
                with(
                        "source=" + source,
                        "mode=" + mode,
                        "podMonitor=true",
                        "podDeletionCost=true",
                        "slots=3",
                        "maxAttempts=2",
                        "drainTimeoutSeconds=300",
                        "image=registry.example.com/worker@sha256:" + "0".repeat(64))));
    }

    /** Names of Kubernetes may look like a number or a truth value. */
    @ParameterizedTest
    @MethodSource("workers")
    void namesStayText(String source, String mode) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("template", "123", "../deploy/chart", "--namespace", "456"));
        for (String value :
                List.of("secret=1e3", "queue=on", "source=" + source, "mode=" + mode, "monitoringNamespace=789")) {
            arguments.addAll(List.of("--set-string", value));
        }
        arguments.addAll(List.of("--set", "image=" + IMAGE + ",podDeletionCost=true,podMonitor=true"));
        KubeTools.Said said = KubeTools.helm(arguments);

        assertThat(said.exitCode()).as(said.errors()).isZero();
        assertSound(said.out());
        assertThat(Yaml.all(said.out()).stream()
                        .flatMap(Yaml::all)
                        .flatMap(node -> Stream.of("name", "app.kubernetes.io/name", "kubernetes.io/metadata.name")
                                .map(node::at))
                        .filter(Yaml::isSet))
                .allSatisfy(name -> assertThat(name.node()).isInstanceOf(String.class));
        assertSound(printed(source, mode, "--queue", "1e3", "--secret", "on", "--image", IMAGE));
    }

    /** Only then, and only workers: a Job's pod is never scaled in. */
    @Test
    void aWorkerThatSaysWhetherItIsBusyGetsATokenAndOneRight() {
        assertThat(byKind(rendered("emails", SOUND))).doesNotContainKeys("Role", "RoleBinding");
        assertThat(byKind(rendered("emails", with("mode=jobs", "podDeletionCost=true"))))
                .doesNotContainKeys("Role", "RoleBinding");

        List<Yaml> documents = Yaml.all(rendered("emails", with("podDeletionCost=true")));
        assertThat(documents.stream()
                        .filter(document -> document.at("kind").text().equals("Role")))
                .singleElement()
                .satisfies(role -> assertThat(role.at("rules").node())
                        .isEqualTo(List.of(Map.of(
                                "apiGroups", List.of(""), "resources", List.of("pods"), "verbs", List.of("patch")))));
        assertThat(documents.stream()
                        .filter(document -> document.at("kind").text().equals("Deployment"))
                        .map(document -> document.at("spec", "template", "spec", "automountServiceAccountToken")
                                .node()))
                .containsExactly(true);
    }

    @Test
    void whoseMonitoringIsElsewhereHasNoPolicy() {
        assertThat(byKind(rendered("emails", with("monitoringNamespace="))))
                .doesNotContainKey("NetworkPolicy")
                .containsKey("Deployment");
    }

    @ParameterizedTest
    @CsvSource({
        "source=mysql, /source",
        "mode=cronjobs, /mode",
        "queue=-, /queue",
        "secret=Not-a-name, /secret",
        "image=worker, /image",
        "max=0, /max",
        "max=many, /max",
        "slots=-1, /slots",
        "replicas=3, replicas",
        "queue=a\u2028b, /queue",
        "env[0].value=3, /env/0",
        "serviceAccount.podLabels.app\\.kubernetes\\.io/name=other, app.kubernetes.io/name",
        "resources.limits=none, /resources/limits"
    })
    void theSchemaRefuses(String value, String path) {
        KubeTools.Said said = template("emails", with(value));

        assertThat(said.exitCode()).isNotZero();
        assertThat(said.errors()).contains("schema").contains(path);
    }

    /** A Job of PostgreSQL has four pods, of RabbitMQ one. */
    @Test
    void aJobMustHaveTheTimeThatItsPodsMayTake() {
        KubeTools.Said said = template("emails", with("mode=jobs", "handlerTimeoutSeconds=900"));

        assertThat(said.exitCode()).isNotZero();
        assertThat(said.errors()).contains("activeDeadlineSeconds is 3600", "the 4 pods of a Job");
        assertThat(byKind(rendered("emails", with("mode=jobs", "handlerTimeoutSeconds=900", "source=rabbitmq"))))
                .containsKey("ScaledJob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "mode", "queue", "secret", "image"})
    void theSchemaAsksForTheFive(String missing) {
        List<String> values =
                SOUND.stream().filter(value -> !value.startsWith(missing + "=")).toList();

        assertThat(template("emails", values).errors()).contains("/" + missing);
    }

    private static List<String> with(String... more) {
        return Stream.concat(SOUND.stream(), Stream.of(more)).toList();
    }

    private static String rendered(String release, List<String> values) {
        KubeTools.Said said = template(release, values);
        assertThat(said.exitCode()).as(said.errors()).isZero();
        return said.out();
    }

    private static KubeTools.Said template(String release, List<String> values) {
        List<String> arguments = new ArrayList<>(List.of("template", release, "../deploy/chart"));
        for (String value : values) {
            arguments.add("--set");
            arguments.add(value);
        }
        return KubeTools.helm(arguments);
    }

    private static String printed(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ManifestsCommand.run(new Arguments(List.of(arguments)), new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8);
    }

    private static void assertSound(String manifests) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exitCode = CheckCommand.run(
                new Arguments(List.of("-f", "-", "--partitions", "10")),
                new ByteArrayInputStream(manifests.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8));
        assertThat(exitCode).as(out.toString(UTF_8)).isZero();
    }

    private static Map<String, Object> byKind(String manifests) {
        Map<String, Object> documents = new TreeMap<>();
        for (Yaml document : Yaml.all(manifests)) {
            if (document.isSet()) {
                documents.put(document.at("kind").text(), sorted(document.node()));
            }
        }
        return documents;
    }

    /** Variables and parameters may come in any order. */
    private static Object sorted(@Nullable Object node) {
        if (node instanceof Map<?, ?> fields) {
            Map<String, Object> copy = new TreeMap<>();
            fields.forEach((name, value) -> copy.put(String.valueOf(name), sorted(value)));
            return copy;
        }
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(ChartTest::sorted)
                    .sorted(Comparator.comparing(String::valueOf))
                    .toList();
        }
        return String.valueOf(node);
    }
}
