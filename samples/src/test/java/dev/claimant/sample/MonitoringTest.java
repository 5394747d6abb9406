package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Worker;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.micrometer.WorkerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deploy/platform says of workers must be true of them. */
class MonitoringTest {

    private static final Path FOLDER = Path.of("..", "deploy", "platform");

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "dashboard.json"})
    void onlyMetricsAndLabelsAreNamedThatAWorkerServes(String file) throws IOException {
        String text = Files.readString(FOLDER.resolve(file)).replace("\\\"", "\"");
        String served = served();

        Set<String> metrics = found("\\bclaimant_\\w+", text);
        assertThat(metrics).isNotEmpty().isSubsetOf(found("(?m)^claimant_\\w+", served));
        assertThat(found("\\b(kind|verdict|outcome|state)=\"\\w+\"", text))
                .allSatisfy(label -> assertThat(served).contains(label));
        assertThat(found("by \\([^)]*\\)", text).stream()
                        .flatMap(by -> found("\\w+", by.substring(3)).stream())
                        .filter(label -> !Set.of("namespace", "pod").contains(label)))
                .allSatisfy(label -> assertThat(served).contains(label + "=\""));
    }

    /** JSON is YAML. */
    @Test
    void everyExpressionOfTheDashboardIsClosed() throws IOException {
        List<Yaml> expressions = Yaml.all(Files.readString(FOLDER.resolve("dashboard.json"))).stream()
                .flatMap(Yaml::all)
                .map(node -> node.at("expr"))
                .filter(Yaml::isSet)
                .toList();

        assertThat(expressions).hasSizeGreaterThan(8).allSatisfy(expression -> {
            for (String pair : List.of("()", "{}", "[]")) {
                assertThat(count(expression.text(), pair.charAt(0)))
                        .isEqualTo(count(expression.text(), pair.charAt(1)));
            }
        });
    }

    @Test
    void theSelectorsFindThePodsThatAreDescribed() {
        Map<String, String> labels =
                Map.of("app.kubernetes.io/part-of", "claimant", "app.kubernetes.io/component", "worker");

        List<Yaml> selectors = Yaml.readAll(FOLDER).stream()
                .flatMap(Yaml::all)
                .flatMap(node -> Stream.of(node.at("selector"), node.at("podSelector")))
                .map(selector -> selector.at("matchLabels"))
                .filter(Yaml::isSet)
                .toList();

        assertThat(selectors)
                .hasSize(2)
                .allSatisfy(selector -> assertThat(selector.names())
                        .allSatisfy(name -> assertThat(selector.at(name).text()).isEqualTo(labels.get(name))));
    }

    private static long count(String text, char character) {
        return text.chars().filter(each -> each == character).count();
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String served() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
        InMemorySource source = new InMemorySource(new InMemoryQueue());
        try (Worker worker =
                Worker.builder(source).handler(claim -> {}).listener(metrics).build()) {
            metrics.watch(worker).watch(source, Duration.ofSeconds(30));
            return registry.scrape();
        }
    }
}
