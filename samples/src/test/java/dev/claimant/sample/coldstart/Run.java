package dev.claimant.sample.coldstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * One process, from its start to its first claim and a moment beyond.
 *
 * @param claimMillis from the start to the line that tells of the first claim
 * @param cpuMillis of processor time, start to claim
 * @param residentKib the most memory it ever had, seen while it works on the claim
 */
record Run(long claimMillis, long cpuMillis, long residentKib) {

    private static final long TICKS_PER_SECOND = 100;
    private static final long SETTLE_MILLIS = 700;

    static Run toItsClaim(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = start(command, environment);
        try (BufferedReader output = process.inputReader()) {
            StringBuilder said = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.contains("claimed message")) {
                    long millis = (System.nanoTime() - began) / 1_000_000;
                    long cpu = cpuMillis(process.pid());
                    Thread.sleep(SETTLE_MILLIS); // what the handler itself needs is part of the worker's memory
                    return new Run(millis, cpu, residentKib(process.pid()));
                }
            }
            throw new IllegalStateException(command + " claimed nothing and said:\n" + said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    static void toItsEnd(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Process process = start(command, environment);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed and said:\n" + said);
        }
    }

    private static Process start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    static long median(List<Run> runs, ToLongFunction<Run> of) {
        return runs.stream()
                .map(of::applyAsLong)
                .sorted(Comparator.naturalOrder())
                .toList()
                .get(runs.size() / 2);
    }

    /** User and system time; fields 14 and 15, counted behind the parenthesis that ends the name. */
    private static long cpuMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND;
    }

    private static long residentKib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException("no VmHWM of " + pid);
    }
}
