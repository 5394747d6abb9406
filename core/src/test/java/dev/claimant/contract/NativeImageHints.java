package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module's jar tells GraalVM's native-image: each class and method that it names exists, and everything that the module's sources
 * look up by name is named. Whether an image then runs, only the tool itself can show.
 */
public final class NativeImageHints {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final int VIRTUAL_THREADS = 21;

    /** Names that older JDKs do not have, where the code does without. */
    private static final Set<String> SINCE_21 = Set.of("java.lang.Thread$Builder", "ofVirtual", "factory");

    private final Path directory;

    private NativeImageHints(String artifact) {
        this.directory = RESOURCES.resolve(Path.of("META-INF", "native-image", "dev.claimant", artifact));
    }

    /** Of the module whose directory is the current one. */
    public static void check(String artifact) throws ReflectiveOperationException {
        NativeImageHints hints = new NativeImageHints(artifact);
        hints.checkNames();
        hints.checkLookups();
        hints.checkProxies();
        hints.checkResources();
    }

    private void checkNames() throws ReflectiveOperationException {
        Class<?> type = Object.class;
        for (String name : all("\"name\": \"([^\"]+)\"", text("reflect-config.json"))) {
            if (Runtime.version().feature() < VIRTUAL_THREADS && SINCE_21.contains(name)) {
                continue;
            }
            if (name.contains(".")) {
                type = Class.forName(name, false, NativeImageHints.class.getClassLoader());
            } else {
                assertThat(membersOf(type)).as(type.getName()).contains(name);
            }
        }
        for (String name : all("\"interfaces\": \\[\"([^\"]+)\"", text("proxy-config.json"))) {
            assertThat(Class.forName(name, false, NativeImageHints.class.getClassLoader()))
                    .isInterface();
        }
    }

    private static List<String> membersOf(Class<?> type) {
        return Stream.concat(
                        Stream.of("<init>"),
                        Stream.concat(
                                Arrays.stream(type.getMethods()).map(Method::getName),
                                Arrays.stream(type.getDeclaredFields()).map(Field::getName)))
                .toList();
    }

    private void checkLookups() {
        String named = text("reflect-config.json");
        for (String name : all("(?:forName|getMethod|getDeclaredField)\\(\\s*\"([^\"]+)\"", sources())) {
            assertThat(named).as("what the sources look up").contains("\"" + name + "\"");
        }
    }

    private void checkProxies() {
        assertThat(all("\"interfaces\": (\\[)", text("proxy-config.json")))
                .as("proxies that the sources make")
                .hasSameSizeAs(all("(Proxy\\.newProxyInstance)\\(", sources()));
    }

    private void checkResources() {
        List<Pattern> patterns = all("\"pattern\": \"([^\"]+)\"", text("resource-config.json")).stream()
                .map(pattern -> Pattern.compile(pattern.replace("\\\\", "\\")))
                .toList();
        for (Path file : files(RESOURCES)) {
            String name = RESOURCES.relativize(file).toString();
            if (!name.startsWith("META-INF")) {
                assertThat(patterns)
                        .as("a pattern for the resource " + name)
                        .anyMatch(pattern -> pattern.matcher(name).matches());
            }
        }
    }

    private String text(String file) {
        Path path = directory.resolve(file);
        return Files.exists(path) ? read(path) : "";
    }

    private static String sources() {
        return files(SOURCES).stream().map(NativeImageHints::read).collect(Collectors.joining("\n"));
    }

    private static List<Path> files(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
