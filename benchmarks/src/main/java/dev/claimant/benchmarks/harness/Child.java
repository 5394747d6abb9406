package dev.claimant.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A contender's process, from outside. It is killed when it has said nothing for too long: a slow machine is no reason, a stall is one. */
final class Child implements AutoCloseable {

    static final String FIRST = "first message";
    static final String DONE = "all handled, more than once: ";
    static final String SO_FAR = "handled so far: ";

    /** Room for what its threads did when its time was up. */
    private static final int MOST_LINES = 1_000;

    private final Process process;
    private final long begunNanos = System.nanoTime();
    private final BufferedReader output;
    private final Path record;
    private final List<String> said = new ArrayList<>();
    private volatile boolean timeIsUp;
    private volatile long heardNanos = begunNanos;
    private final Thread killer = new Thread(this::kill);
    private final ExecutorService watchdog = Executors.newSingleThreadExecutor();

    /** @param launcher what starts the JVM, as {@code taskset} does; nothing for the JVM itself */
    Child(
            List<String> launcher,
            Contender contender,
            Workload workload,
            int messages,
            List<String> jvmFlags,
            long limitSeconds)
            throws IOException {
        record = Files.createTempFile("bench", ".record");
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.addAll(List.of("-cp", ClassPath.of(contender.libraries()), ContenderMain.class.getName()));
        command.add(contender.program().getName());
        for (int number : new int[] {workload.slots, workload.handlerMillis, messages}) {
            command.add(Integer.toString(number));
        }
        command.add(record.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOSTNAME", "bench"); // as in every container
        builder.environment().putAll(contender.environment());
        process = builder.start();
        output = process.inputReader();
        Runtime.getRuntime().addShutdownHook(killer);
        watchdog.execute(() -> killAfter(limitSeconds));
    }

    private void killAfter(long seconds) {
        try {
            long limit = TimeUnit.SECONDS.toNanos(seconds);
            long left = limit;
            while (left > 0 && !process.waitFor(left, TimeUnit.NANOSECONDS)) {
                left = heardNanos + limit - System.nanoTime();
            }
            timeIsUp = process.isAlive();
            if (timeIsUp) {
                sayWhatThreadsDo();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** A JVM prints that at this signal. */
    private void sayWhatThreadsDo() throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.waitFor(5, TimeUnit.SECONDS); // it goes on
        } catch (IOException e) {
            // then it is not known
        }
    }

    private void kill() {
        process.destroyForcibly();
    }

    /** Waits for the first handler; milliseconds since the process was started. */
    double awaitFirst() throws IOException {
        await(FIRST);
        return (System.nanoTime() - begunNanos) / 1e6;
    }

    /** Waits until all are handled and completed; how many were handled more than once. */
    int awaitDone() throws IOException {
        return Integer.parseInt(await(DONE).substring(DONE.length()));
    }

    private String await(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            heardNanos = System.nanoTime();
            if (line.startsWith(beginning)) {
                return line;
            }
            if (said.size() < MOST_LINES && !line.startsWith(SO_FAR)) {
                said.add(line);
            }
        }
        throw new IllegalStateException((timeIsUp ? "its time was up; " : "") + "it never said '" + beginning
                + "' but:\n" + String.join("\n", said));
    }

    /** When each message was handled, in the order of their numbers. After {@link #awaitDone}. */
    long[] handledAtMicros() throws IOException {
        LongBuffer longs = ByteBuffer.wrap(Files.readAllBytes(record)).asLongBuffer();
        long[] times = new long[longs.remaining()];
        longs.get(times);
        return times;
    }

    /** The most memory that it ever had. */
    double residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IllegalStateException("no VmHWM of " + process.pid());
    }

    /** What it has used so far, the start of its JVM included. */
    double processorMicros() {
        return ProcessorTime.micros(process.pid());
    }

    /** Lets it end by itself: an archive of class data is written then. */
    void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        watchdog.shutdownNow();
        Runtime.getRuntime().removeShutdownHook(killer);
        process.destroyForcibly().onExit().join();
        Files.delete(record);
    }
}
