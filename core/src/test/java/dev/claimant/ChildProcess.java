package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/** A program of the tests on a JVM of its own. Every wait is bounded; closing kills what still runs. */
public final class ChildProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private ChildProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "reader of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs the class's {@code main}. */
    public static ChildProcess start(Class<?> program, String... arguments) throws IOException {
        return start(List.of(), program, arguments);
    }

    /** Runs the class's {@code main} with further options of the JVM. */
    public static ChildProcess start(List<String> options, Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return java(command);
    }

    /** Runs {@code java} with these arguments. */
    public static ChildProcess java(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(arguments);
        return new ChildProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads on until it has said so. */
    public void await(String line) throws InterruptedException {
        await(line, line::equals);
    }

    /** Reads on until a line holds this. */
    public void awaitPart(String part) throws InterruptedException {
        await(part, line -> line.contains(part));
    }

    private void await(String what, Predicate<String> condition) throws InterruptedException {
        while (seen.stream().noneMatch(condition)) {
            String next = lines.poll(PATIENCE_SECONDS, SECONDS);
            if (next == null) {
                throw new AssertionError("the process did not say \"" + what + "\" but " + seen);
            }
            seen.add(next);
        }
    }

    /** All that was awaited so far, and what came before it. */
    List<String> seen() {
        return seen;
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    void write(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, SECONDS)) {
            throw new AssertionError("the process goes on; it said " + seen + " and " + lines);
        }
        return process.exitValue();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("its output ended: " + e);
        }
    }

    /** Sends SIGKILL, and waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
