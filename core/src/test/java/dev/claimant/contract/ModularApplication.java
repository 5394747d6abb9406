package dev.claimant.contract;

import dev.claimant.ChildProcess;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** An application that is a module: compiled and run with nothing on its module path but the libraries that it names. */
public final class ModularApplication {

    private final Path directory;
    private final String modulePath;

    /**
     * Compiles it.
     *
     * @param requires the modules that it requires, as in a module descriptor
     * @param body of its {@code main}, which may throw
     * @param libraries a class out of each library
     */
    public ModularApplication(Path directory, String requires, String imports, String body, Class<?>... libraries)
            throws IOException {
        this(directory, requires, imports, body, locationsOf(libraries));
    }

    /**
     * Compiles it.
     *
     * @param libraries where they are; for a library of more jars than one names one by one
     */
    public ModularApplication(Path directory, String requires, String imports, String body, Collection<Path> libraries)
            throws IOException {
        this.directory = directory;
        this.modulePath = libraries.stream()
                .distinct()
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        Path module = write("module-info.java", "module app {" + requires + "}");
        Path program = write(
                "Main.java",
                "package app;" + imports + "public final class Main {"
                        + "public static void main(String[] args) throws Exception {" + body + "}}");
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int result = javac.run(
                System.out,
                System.err,
                "-d",
                directory.resolve("app").toString(),
                "--module-path",
                modulePath,
                module.toString(),
                program.toString());
        if (result != 0) {
            throw new AssertionError("the application does not compile as a module");
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Runs it. Only what its descriptor and those of its libraries ask for is there. */
    public ChildProcess run(String... arguments) throws IOException {
        String path = directory.resolve("app") + System.getProperty("path.separator") + modulePath;
        List<String> command = new ArrayList<>(List.of("--module-path", path, "--module", "app/app.Main"));
        command.addAll(List.of(arguments));
        return ChildProcess.java(command);
    }

    /** Where the libraries are that these classes are out of. */
    public static List<Path> locationsOf(Class<?>... types) {
        return Arrays.stream(types).map(ModularApplication::locationOf).toList();
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
