package dev.claimant.sample.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A process that runs what the pod's one container would run. Thread-safe. */
public final class Pod {

    /** As long as the kubelet waits by default. */
    private static final int PROBE_MILLIS = 1_000;

    private final String name;
    private final Process process;
    private final Path log;
    private final Path terminationLog;
    private final int managementPort;

    Pod(String name, Process process, Path log, Path terminationLog, int managementPort) {
        this.managementPort = managementPort;
        this.name = name;
        this.process = process;
        this.log = log;
        this.terminationLog = terminationLog;
    }

    /** Also the value of HOSTNAME in it. */
    public String name() {
        return name;
    }

    /** The process's id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process has not ended. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Of a process that has ended; 128 plus the signal where one ended it. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Whether its readiness probe succeeds now. */
    public boolean isReady() {
        try {
            HttpURLConnection probe =
                    (HttpURLConnection) new URL("http://127.0.0.1:" + managementPort + "/readyz").openConnection();
            probe.setConnectTimeout(PROBE_MILLIS);
            probe.setReadTimeout(PROBE_MILLIS);
            return process.isAlive() && probe.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false; // it does not listen yet, or any more
        }
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(name + " still runs after " + atMost + "; it has said:\n" + log());
        }
        return process.exitValue();
    }

    /** SIGTERM, as at the end of a pod's life. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL, as when memory runs out or the node dies. */
    public void kill() {
        process.destroyForcibly();
    }

    /** SIGSTOP: the process stands still, as on a machine that is suspended. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void unpause() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder(List.of("sh", "-c", "kill -" + signal + " " + pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("cannot send SIG" + signal + " to " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that the process has written to its two outputs. */
    public String log() {
        return read(log);
    }

    /** What the process has written beyond this many bytes. */
    public byte[] logBeyond(long bytes) {
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(Math.min(bytes, Files.size(log)));
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the container's termination message would be. */
    public String terminationMessage() {
        return read(terminationLog);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
