package dev.claimant.sample.cluster;

import dev.claimant.sample.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the container image would start, started from this build instead. */
public final class Image {

    /** For a process that should be there at once and do one thing; the same as in the Dockerfile. */
    public static final List<String> JVM_FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto");

    /** A container bounds the heap by its own limit; processes here share one machine. */
    private static final String LOCAL_HEAP = "-Xmx32m";

    private static final Path CODE = codeOf(Main.class);
    private static final boolean PACKAGED = Files.isRegularFile(CODE);
    private static final Path ARCHIVE = CODE.resolveSibling("claimant-samples-" + Runtime.version() + ".jsa");

    private Image() {}

    /** The command line up to the arguments. */
    public static List<String> entrypoint() {
        return PACKAGED && !lacksArchive() ? command("-XX:SharedArchiveFile=" + ARCHIVE) : command();
    }

    /**
     * What a container's own command starts: this build in place of the image's, with the command's flags for the JVM.
     *
     * @param command of a container of the image
     */
    public static List<String> inPlaceOf(List<String> command) {
        if (!isOfThisImage(command)) {
            return command;
        }
        List<String> ours = command();
        List<String> flags = command.stream()
                .filter(word -> word.startsWith("-X") && !word.startsWith("-XX:SharedArchiveFile"))
                .toList();
        ours.addAll(1 + JVM_FLAGS.size(), flags); // what comes later holds
        return ours;
    }

    /** Whether the command starts the sample's program. */
    public static boolean isOfThisImage(List<String> command) {
        return !command.isEmpty() && command.get(command.size() - 1).endsWith("claimant-samples.jar");
    }

    /** Whether pods would start faster with an archive of the JVM's class data that is yet to be written. */
    public static boolean lacksArchive() {
        try {
            return PACKAGED
                    && !(Files.exists(ARCHIVE)
                            && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(CODE)) > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the archive, by a Job that works on one clap. */
    public static void writeArchive(Map<String, String> environment) throws InterruptedException {
        try {
            Path unfinished = Files.createTempFile(CODE.getParent(), "claimant-samples", ".jsa");
            List<String> command = command("-XX:ArchiveClassesAtExit=" + unfinished, "-Xlog:cds=off");
            command.add("job");
            ProcessBuilder job = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            job.environment().putAll(environment);
            int exitCode = job.start().waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException("the rehearsal exited with " + exitCode);
            }
            Files.move(unfinished, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String... moreFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.add(LOCAL_HEAP);
        command.addAll(List.of(moreFlags));
        command.addAll(
                PACKAGED
                        ? List.of("-jar", CODE.toString())
                        : List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }

    private static Path codeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
