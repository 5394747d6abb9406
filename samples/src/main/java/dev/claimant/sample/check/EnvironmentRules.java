package dev.claimant.sample.check;

import dev.claimant.sample.SettingsReport;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Has the sample's worker read what its pod would find in the environment, and repeats what it says. */
final class EnvironmentRules {

    private static final String FILE = "must be a file that can be read";

    static final List<Rule<Pod>> RULES = List.of(
            new Rule<>("environment-name", EnvironmentRules::name),
            new Rule<>("environment-value", EnvironmentRules::value),
            new Rule<>("environment-missing", EnvironmentRules::missing));

    private EnvironmentRules() {}

    /** A variable with the first word of those that are read, and not among them. */
    private static void name(Pod pod, Rule.Complaints complaints) {
        if (!pod.isSample()) {
            return;
        }
        Set<String> read = reading(pod).read();
        Set<String> families = read.stream().map(EnvironmentRules::family).collect(Collectors.toSet());
        for (Element variable : pod.container().at("env").items()) {
            String name = variable.at("name").text();
            if (!read.contains(name) && families.contains(family(name))) {
                complaints.add(
                        variable,
                        "the worker reads no " + name,
                        read.stream()
                                .filter(known -> Spelling.isClose(known, name))
                                .findFirst()
                                .map(known -> "Write " + known + ".")
                                .orElse("Remove it; docs/configuration.md lists what is read."));
            }
        }
    }

    private static void value(Pod pod, Rule.Complaints complaints) {
        problems(pod).forEach((variable, problem) -> {
            Element entry = pod.variable(variable);
            if (entry.isSet() && reading(pod).read().contains(variable)) {
                complaints.add(
                        entry,
                        variable + ": " + problem,
                        "Correct the value; docs/configuration.md lists what it may be.");
            }
        });
    }

    private static void missing(Pod pod, Rule.Complaints complaints) {
        problems(pod).forEach((variable, problem) -> {
            boolean isAdded = variable.startsWith("AZURE_") && pod.hasAzureIdentity();
            if (!isAdded && !pod.variable(variable).isSet()) {
                complaints.add(pod.container().at("env"), variable + ": " + problem, "Add it to env.");
            }
        });
    }

    /** Without those of values that only the cluster knows, and of files that only the pod has. */
    private static Map<String, String> problems(Pod pod) {
        if (!pod.isSample() || pod.container().at("envFrom").isSet()) {
            return Map.of();
        }
        Map<String, String> problems = new LinkedHashMap<>(reading(pod).problems());
        problems.keySet().removeIf(pod::isFromElsewhere);
        problems.values().removeIf(problem -> problem.endsWith(FILE));
        return problems;
    }

    private static SettingsReport reading(Pod pod) {
        Map<String, String> literals = pod.literals();
        Set<String> names = new HashSet<>();
        pod.container()
                .at("env")
                .items()
                .forEach(variable -> names.add(variable.at("name").text()));
        // it must be there for the worker to look for its companions; that its value is wrong is not said
        names.forEach(name -> literals.putIfAbsent(name, "from-elsewhere"));
        return SettingsReport.of(literals);
    }

    private static String family(String variable) {
        return variable.startsWith("PG") ? "PG" : variable.split("_", 2)[0];
    }
}
