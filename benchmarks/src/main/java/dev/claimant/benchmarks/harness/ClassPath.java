package dev.claimant.benchmarks.harness;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Of this process's class path the part that a contender needs: a JVM opens every jar on its way. No contender needs tests. */
final class ClassPath {

    private static final String OWN_JAR = "claimant-benchmarks";
    private static final String TESTS = "-tests.jar";

    private ClassPath() {}

    static String of(List<String> libraries) {
        String all = System.getProperty("java.class.path");
        String part = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> isOneOf(libraries, Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        for (String library : libraries) {
            if (!part.contains(File.separator + library)) {
                throw new IllegalStateException("no " + library + "*.jar on the class path " + all);
            }
        }
        return part;
    }

    private static boolean isOneOf(List<String> libraries, String jar) {
        return jar.startsWith(OWN_JAR)
                || (!jar.endsWith(TESTS) && libraries.stream().anyMatch(jar::startsWith));
    }
}
