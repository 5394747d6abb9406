package dev.claimant.sample.local;

import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.demo.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** Lets a workload run until it is idle or told to stop; then its pods get SIGTERM and their grace. Used by one thread. */
final class LocalRun {

    private static final long TICK_MILLIS = 50;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LATELY = Duration.ofSeconds(10);
    private static final int KILLED = 137;

    private final LocalManifest manifest;
    private final Workload workload;
    private final Progress progress;
    private final PodLogs logs = new PodLogs();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final long began = System.nanoTime();

    private Duration nextLook = Duration.ZERO;

    /** How many were completed by then. */
    private record Sample(Duration time, int completed) {}

    LocalRun(LocalManifest manifest, Workload workload, Progress progress) {
        this.manifest = manifest;
        this.workload = workload;
        this.progress = progress;
    }

    /** Returns when nothing is left to do, if that is asked for, or once stopping is true. */
    void run(boolean untilIdle, BooleanSupplier stopping) throws InterruptedException {
        while (!stopping.getAsBoolean() && !(untilIdle && workload.isIdle())) {
            workload.tick();
            look();
            Thread.sleep(TICK_MILLIS);
        }
    }

    /** As when the manifest is deleted. */
    void stop() throws InterruptedException {
        List<Pod> left = workload.pods().stream().filter(Pod::isRunning).toList();
        left.forEach(Pod::terminate);
        long grace = System.nanoTime() + manifest.pod().terminationGracePeriod().toNanos();
        while (left.stream().anyMatch(Pod::isRunning) && System.nanoTime() - grace < 0) {
            look();
            Thread.sleep(TICK_MILLIS);
        }
        left.forEach(Pod::kill);
        logs.read(workload.pods());
    }

    private void look() {
        Duration elapsed = elapsed();
        if (elapsed.compareTo(nextLook) < 0) {
            return;
        }
        nextLook = elapsed.plus(LOOK);
        List<Pod> pods = workload.pods();
        logs.read(pods);
        samples.addLast(new Sample(elapsed, logs.completed()));
        while (samples.getFirst().time.plus(LATELY).compareTo(elapsed) < 0) {
            samples.removeFirst();
        }
        progress.show(new LocalScene(
                workload.lastReading(),
                logs.inFlight(),
                (int) pods.stream().filter(Pod::isRunning).count(),
                manifest.max(),
                logs.completed(),
                perSecond(),
                elapsed));
    }

    private double perSecond() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = last.time.minus(first.time).toMillis() / 1000.0;
        return seconds == 0 ? 0 : (last.completed - first.completed) / seconds;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void print(PrintStream out) {
        List<Pod> pods = workload.pods();
        long killed = pods.stream()
                .map(Pod::exitCode)
                .filter(OptionalInt.of(KILLED)::equals)
                .count();
        out.println(String.format(
                Locale.ROOT,
                "completed=%d left=%.0f pods=%d peak=%d killed=%d seconds=%.1f",
                logs.completed(),
                workload.lastReading(),
                pods.size(),
                workload.peak(),
                killed,
                elapsed().toMillis() / 1000.0));
    }
}
