package dev.claimant.sample.keda;

import dev.claimant.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod of one container.
 *
 * @param container its name
 * @param terminationGracePeriod from SIGTERM to SIGKILL
 * @param env in the order of the manifest
 */
public record PodTemplate(
        String container,
        String image,
        List<String> command,
        List<String> args,
        Map<String, EnvValue> env,
        Duration terminationGracePeriod) {

    /** The same container with another command and other variables. */
    public PodTemplate with(List<String> otherCommand, Map<String, EnvValue> otherEnv) {
        return new PodTemplate(container, image, otherCommand, args, otherEnv, terminationGracePeriod);
    }

    /** The same container with other arguments. */
    public PodTemplate withArgs(List<String> otherArgs) {
        return new PodTemplate(container, image, command, otherArgs, env, terminationGracePeriod);
    }

    /** Where the value of an environment variable comes from. */
    public sealed interface EnvValue {
        /** The manifest itself. */
        record Literal(String text) implements EnvValue {}

        /** A key of a Secret. */
        record SecretKey(String secret, String key) implements EnvValue {}

        /** A key of a ConfigMap. */
        record ConfigMapKey(String configMap, String key) implements EnvValue {}

        /** A field of the pod, such as {@code metadata.labels['batch.kubernetes.io/job-name']}. */
        record PodField(String fieldPath) implements EnvValue {}
    }

    /**
     * Reads the pods of a manifest's Deployment, Job or CronJob.
     *
     * @throws dev.claimant.ConfigurationException for a field that is missing or wrong, with its path and the file
     */
    public static PodTemplate read(Path manifest, String kind) {
        Field spec = Field.document(manifest, kind).at("spec");
        Field workload = kind.equals("CronJob") ? spec.at("jobTemplate", "spec") : spec;
        return read(workload.at("template", "spec"));
    }

    /** Reads the pods of the Deployment of this name: in the file itself, or in another of its folder. */
    public static Optional<PodTemplate> ofDeployment(Path manifest, String name) {
        Path folder = Objects.requireNonNull(manifest.toAbsolutePath().getParent());
        try (Stream<Path> files = Files.list(folder)) {
            return Stream.concat(
                            Stream.of(manifest),
                            files.filter(file -> file.toString().endsWith(".yaml"))
                                    .sorted())
                    .flatMap(file -> Field.find(file, "Deployment", name).stream())
                    .findFirst()
                    .map(document -> read(document.at("spec", "template", "spec")));
        } catch (IOException e) {
            throw new ConfigurationException(List.of(folder + ": cannot be read: " + e));
        }
    }

    static PodTemplate read(Field spec) {
        List<Field> containers = spec.at("containers").items();
        if (containers.size() != 1) {
            throw spec.at("containers").wrong("must hold one container");
        }
        spec.at("initContainers").mustBeAbsent("only one container is run");
        Field container = containers.get(0);
        container.at("envFrom").mustBeAbsent("each variable is named under env");
        Map<String, EnvValue> env = new LinkedHashMap<>();
        container
                .at("env")
                .items()
                .forEach(variable -> env.put(variable.at("name").text(), value(variable)));
        return new PodTemplate(
                container.at("name").text(),
                container.at("image").text(),
                container.at("command").texts(),
                container.at("args").texts(),
                env,
                spec.at("terminationGracePeriodSeconds").secondsOr(0, 30));
    }

    private static EnvValue value(Field variable) {
        Field from = variable.at("valueFrom");
        Field secret = from.at("secretKeyRef");
        Field configMap = from.at("configMapKeyRef");
        if (secret.isSet()) {
            return new EnvValue.SecretKey(
                    secret.at("name").text(), secret.at("key").text());
        }
        if (configMap.isSet()) {
            return new EnvValue.ConfigMapKey(
                    configMap.at("name").text(), configMap.at("key").text());
        }
        if (from.isSet()) {
            return new EnvValue.PodField(from.at("fieldRef", "fieldPath").text());
        }
        return new EnvValue.Literal(variable.at("value").textOr(""));
    }
}
