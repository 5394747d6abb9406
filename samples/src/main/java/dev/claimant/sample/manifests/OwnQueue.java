package dev.claimant.sample.manifests;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Somebody's own queue, and how it is to be worked on.
 *
 * @param source as {@code sources.yaml} names it
 * @param jobs a Job for each few messages, instead of workers that stay
 * @param queue a queue, or a topic
 * @param slots messages that a worker works on at once, or that a Job takes
 * @param secret the Secret's name
 * @param max workers or Jobs at once
 */
record OwnQueue(String source, boolean jobs, String queue, String image, int slots, String secret, int max) {

    private static final Map<String, Map<String, Object>> SOURCES = new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Template.resource("sources.yaml").text());
    private static final int LEAST_CAP = 1000;
    private static final int GRACE = 60;

    static Set<String> sources() {
        return new TreeSet<>(SOURCES.keySet());
    }

    /** The TriggerAuthentication and what it is for, as one stream of documents. */
    String manifests() {
        Map<String, String> values = values();
        values.put("pod", Template.resource("pod.yaml").filled(values));
        return Template.resource("authentication.yaml").filled(values)
                + Template.resource(jobs ? "jobs.yaml" : "workers.yaml").filled(values);
    }

    /** The keys that the Secret must have. */
    Set<String> secretKeys() {
        Set<String> keys = new TreeSet<>(names("env").values());
        keys.addAll(names("parameters").values());
        return keys;
    }

    /** The variables that the worker gets. */
    Set<String> variables() {
        Set<String> variables = new TreeSet<>(names("env").keySet());
        variables.add(jobs ? "CLAIMANT_MESSAGES" : "CLAIMANT_SLOTS");
        if (jobs && reserves()) {
            variables.add("CLAIMANT_OWNER");
        }
        return variables;
    }

    /** What Kubernetes allows as a name. */
    String name() {
        return queue.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("name", plain(name()));
        values.put("queue", quoted(queue));
        values.put("sqlQueue", "'" + queue.replace("'", "''") + "'");
        // more than all workers together can take need not be counted
        values.put("cap", Long.toString(Math.max(LEAST_CAP, (long) max * slots)));
        values.put("image", quoted(image));
        values.put("secret", plain(secret));
        values.put("grace", Integer.toString(GRACE + ((Number) of("lastRequestSeconds", 0)).intValue()));
        values.put("slots", Integer.toString(slots));
        values.put("max", Integer.toString(max));
        values.put("mode", jobs ? "job" : "worker");
        values.put("type", text("type"));
        values.put("target", text("target"));
        values.put("metadata", new Template(text("metadata")).filled(values));
        values.put(
                "env",
                each("env", "- name: %s\n  valueFrom:\n    secretKeyRef: {name: " + plain(secret) + ", key: %s}"));
        values.put("parameters", each("parameters", "- parameter: %s\n  name: " + plain(secret) + "\n  key: %s"));
        values.put("modeEnv", jobs ? jobEnv() : "- name: CLAIMANT_SLOTS\n  value: \"" + slots + "\"");
        values.put("restart", jobs ? "restartPolicy: Never" : "");
        values.put(
                "backoff",
                reserves()
                        ? "# CLAIMANT_MAX_ATTEMPTS - 1: the last attempt gives the message up by itself\nbackoffLimit: 3"
                        : "# another pod of this Job would find any message, not its own\nbackoffLimit: 0");
        return values;
    }

    private String jobEnv() {
        String messages = "- name: CLAIMANT_MESSAGES\n  value: \"" + slots + "\"";
        return !reserves()
                ? messages
                : messages
                        + "\n# keeps a failed message for the next pod of this Job\n- name: CLAIMANT_OWNER\n  valueFrom:\n"
                        + "    fieldRef:\n      fieldPath: metadata.labels['batch.kubernetes.io/job-name']";
    }

    private boolean reserves() {
        return Boolean.TRUE.equals(of("reserves", false));
    }

    private String each(String heading, String format) {
        return names(heading).entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, format, entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private Map<String, String> names(String heading) {
        Map<String, String> names = new LinkedHashMap<>();
        if (of(heading, Map.of()) instanceof Map<?, ?> table) {
            table.forEach((name, key) -> names.put(String.valueOf(name), String.valueOf(key)));
        }
        return names;
    }

    private String text(String heading) {
        return String.valueOf(of(heading, ""));
    }

    private Object of(String heading, Object otherwise) {
        return Objects.requireNonNull(SOURCES.get(source)).getOrDefault(heading, otherwise);
    }

    /** In quotes where YAML would read a number, a truth value or nothing. */
    private static String plain(String name) {
        Tag tag = new Resolver().resolve(NodeId.scalar, name, true);
        return tag.equals(Tag.STR) && !name.matches("[yn]") ? name : quoted(name);
    }

    /** As JSON writes it, which YAML reads as well. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
