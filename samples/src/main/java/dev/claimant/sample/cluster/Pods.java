package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.PodTemplate.EnvValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts pods.
 *
 * @param secrets what the cluster would hold, by name and key
 * @param overrides environment variables that must differ where all pods share one machine; a management port of 0 becomes one that is free
 * @param folder for what the pods write
 */
public record Pods(Map<String, Map<String, String>> secrets, Map<String, String> overrides, Path folder) {

    private static final String JOB_NAME = "metadata.labels['batch.kubernetes.io/job-name']";
    private static final String MANAGEMENT_PORT = "CLAIMANT_MANAGEMENT_PORT";
    private static final String POD_NAME = "metadata.name";

    /**
     * Starts a pod as its template says.
     *
     * @param owner the Job's or Deployment's name
     */
    public Pod start(PodTemplate template, String name, String owner) {
        List<String> command = new ArrayList<>(
                template.command().isEmpty() ? Image.entrypoint() : Image.inPlaceOf(template.command()));
        command.addAll(template.args());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        environment.put("PATH", path);
        environment.put("HOSTNAME", name);
        template.env().forEach((variable, value) -> environment.put(variable, resolve(variable, value, name, owner)));
        environment.putAll(overrides);
        int managementPort = managementPort(environment);
        try {
            Path log = folder.resolve(name + ".log");
            // it must exist to be written to, as in a container
            Path terminationLog = Files.createFile(folder.resolve(name + ".termination"));
            environment.put("CLAIMANT_TERMINATION_LOG", terminationLog.toString());
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            return new Pod(name, builder.start(), log, terminationLog, managementPort);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start pod " + name, e);
        }
    }

    /** Pods have a network each, processes share one. */
    private static int managementPort(Map<String, String> environment) {
        String port = environment.getOrDefault(MANAGEMENT_PORT, "0");
        if (!port.equals("0")) {
            return Integer.parseInt(port);
        }
        int free = LocalPorts.free();
        environment.put(MANAGEMENT_PORT, Integer.toString(free));
        return free;
    }

    private String resolve(String variable, EnvValue value, String pod, String owner) {
        if (value instanceof EnvValue.Literal literal) {
            return literal.text();
        }
        if (value instanceof EnvValue.SecretKey key) {
            String found = secrets.getOrDefault(key.secret(), Map.of()).get(key.key());
            if (found != null) {
                return found;
            }
        }
        if (value instanceof EnvValue.PodField field && field.fieldPath().equals(JOB_NAME)) {
            return owner;
        }
        if (value instanceof EnvValue.PodField field && field.fieldPath().equals(POD_NAME)) {
            return pod;
        }
        throw new IllegalArgumentException("nothing here knows the value of " + variable + ": " + value);
    }
}
