package dev.claimant.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs with which manifests are made, run for real: {@code kubectl kustomize} and {@code helm template}. Neither asks a cluster. */
public final class KubeTools {

    private static final Path OVERLAYS = Path.of("target", "overlays");

    private KubeTools() {}

    /**
     * What a program has said.
     *
     * @param errors its standard error
     */
    record Said(int exitCode, String out, String errors) {}

    /** What {@code kubectl apply -k} would apply. */
    static String kustomize(Path folder) {
        Said said = run("kubectl", List.of("kustomize", folder.toString()));
        if (said.exitCode() != 0) {
            throw new IllegalStateException(folder + ": " + said.errors());
        }
        return said.out();
    }

    /** What an overlay of one folder with components, in this order, makes of it. */
    static String kustomize(Path folder, Path... components) {
        return overlay(
                folder,
                overlay -> "components: "
                        + Stream.of(components).map(overlay::relativize).toList() + "\n");
    }

    /** What an overlay of one folder with further fields, each on a line, makes of it. */
    static String kustomizeWith(Path folder, String fields) {
        return overlay(folder, overlay -> fields);
    }

    private static String overlay(Path folder, Function<Path, String> fields) {
        try {
            Path overlay = OVERLAYS.resolve(UUID.randomUUID().toString());
            Files.createDirectories(overlay);
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    "resources: [" + overlay.relativize(folder) + "]\n" + fields.apply(overlay));
            return kustomize(overlay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what an overlay makes of a folder of manifests, each document into a file that is called as its kind is. */
    public static void write(Path folder, Path component, Path target) throws IOException {
        Files.createDirectories(target);
        for (Yaml document : Yaml.all(kustomize(folder, component))) {
            String file = document.at("kind").text().toLowerCase(Locale.ROOT) + ".yaml";
            Files.writeString(target.resolve(file), new org.yaml.snakeyaml.Yaml().dump(document.node()));
        }
    }

    /** Runs helm, whatever comes of it. */
    static Said helm(List<String> arguments) {
        return run("helm", arguments);
    }

    private static Said run(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program(program));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(Files.createDirectories(Path.of("target")), program, ".out");
            Path errors = Files.createTempFile(Path.of("target"), program, ".err");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " has not ended");
            }
            Said said = new Said(process.exitValue(), Files.readString(out), Files.readString(errors));
            Files.delete(out);
            Files.delete(errors);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run " + command
                            + ": bin/test installs it for this user, or CLAIMANT_KUBE_HOME names its folder",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String program(String name) {
        Path installed = home().resolve(name);
        return Files.isExecutable(installed) ? installed.toString() : name;
    }

    private static Path home() {
        @Nullable String given = System.getenv("CLAIMANT_KUBE_HOME");
        return given == null
                ? Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache", "claimant", "kube")
                : Path.of(given);
    }
}
