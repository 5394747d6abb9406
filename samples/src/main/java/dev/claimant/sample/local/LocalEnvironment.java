package dev.claimant.sample.local;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.SettingsReport;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.PodTemplate.EnvValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the pods find in their environment: what the caller has set, and otherwise what the manifest says. */
final class LocalEnvironment {

    /** Each pod's own. */
    private static final Set<String> OF_THE_POD =
            Set.of("HOSTNAME", "CLAIMANT_OWNER", "CLAIMANT_TERMINATION_LOG", "CLAIMANT_MANAGEMENT_PORT");

    private LocalEnvironment() {}

    /** The template with all values at hand; those of the caller that its manifest does not name are added. */
    static PodTemplate resolved(PodTemplate pod, Map<String, String> caller) {
        Map<String, EnvValue> env = new LinkedHashMap<>(pod.env());
        List<String> missing = new ArrayList<>();
        pod.env().forEach((name, value) -> {
            String set = caller.get(name);
            if (set != null && !OF_THE_POD.contains(name)) {
                env.put(name, new EnvValue.Literal(set));
            } else if (value instanceof EnvValue.SecretKey key) {
                missing.add(name + ": not set; a cluster has it in Secret " + key.secret() + ", key " + key.key());
            } else if (value instanceof EnvValue.ConfigMapKey key) {
                missing.add(
                        name + ": not set; a cluster has it in ConfigMap " + key.configMap() + ", key " + key.key());
            }
        });
        if (!missing.isEmpty()) {
            throw new ConfigurationException(missing);
        }
        Set<String> read = SettingsReport.of(literals(env)).read();
        caller.forEach((name, value) -> {
            boolean ofTheSource = read.contains(name) || name.startsWith("AWS_");
            if (ofTheSource && !OF_THE_POD.contains(name)) {
                env.putIfAbsent(name, new EnvValue.Literal(value));
            }
        });
        return pod.with(pod.command(), env);
    }

    /** The values that are the same for all pods. */
    static Map<String, String> literals(Map<String, EnvValue> env) {
        Map<String, String> literals = new LinkedHashMap<>();
        env.forEach((name, value) -> {
            if (value instanceof EnvValue.Literal literal) {
                literals.put(name, literal.text());
            }
        });
        return literals;
    }
}
