package dev.claimant.benchmarks.harness;

import static dev.claimant.benchmarks.harness.Result.COLD;
import static dev.claimant.benchmarks.harness.Result.MEMORY;
import static dev.claimant.benchmarks.harness.Result.P50;
import static dev.claimant.benchmarks.harness.Result.P99;
import static dev.claimant.benchmarks.harness.Result.RATE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run: a new queue, a new process, one workload. A run that loses or doubles a message has measured nothing and fails. */
final class Trial {

    private static final long LIMIT_SECONDS = 120;
    private static final List<String> BUSY = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final List<String> BRIEF =
            List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    /**
     * Sent one at a time before anything is measured. The JVM's second compiler takes a method at its 5,200th call or so, and a thread that is woken
     * meanwhile may wait milliseconds for its processor; a worker that has run for long is compiled.
     */
    private static final int WARM_UP = 7_000;

    private static final long WARM_UP_PAUSE_MICROS = 3_000;
    private static final long PAUSE_MICROS = 20_000;

    private final Arena arena;
    private final Archives archives;
    private final Options options;
    private final Processors processors;

    Trial(Arena arena, Archives archives, Options options, Processors processors) {
        this.arena = arena;
        this.archives = archives;
        this.options = options;
        this.processors = processors;
    }

    Result run(Contender contender, Workload workload) throws IOException, InterruptedException {
        return switch (workload) {
            case NOOP, TEN_MILLIS, ONE_SLOT -> new Result(contender.name(), workload, throughput(contender, workload));
            case LATENCY -> latency(contender, workload);
            case COLD -> new Result(contender.name(), workload, cold(contender, workload, BRIEF));
            case ENQUEUE, ENQUEUE_20, ENQUEUE_LIST -> throw new IllegalArgumentException(workload + " has no handlers");
            case COLD_ARCHIVE ->
                new Result(contender.name(), workload, cold(contender, workload, archives.flags(contender, BRIEF)));
        };
    }

    private Map<String, Double> throughput(Contender contender, Workload workload)
            throws IOException, InterruptedException {
        int longer = workload == Workload.NOOP ? options.longer : 1;
        int messages = Math.max(2, contender.messages(workload) * longer / options.divisor);
        contender.fill(messages);
        Map<String, Double> before = arena.meters();
        Map<String, Double> figures = new LinkedHashMap<>();
        try (Child child = child(contender, workload, messages, BUSY)) {
            child.awaitFirst();
            long[] times = finish(contender, child, figures);
            figures.put(RATE, rateOfSecondHalf(times));
            figures.put("client_cpu_us_per_msg", child.processorMicros() / messages);
            child.end();
        }
        arena.meters().forEach((name, after) -> figures.put(name, (after - before.getOrDefault(name, 0.0)) / messages));
        return figures;
    }

    /** The first half warms up the JVM. */
    private static double rateOfSecondHalf(long[] times) {
        Arrays.sort(times);
        int half = times.length / 2;
        return (times.length - half) * 1e6 / Math.max(1, times[times.length - 1] - times[half - 1]);
    }

    private Result latency(Contender contender, Workload workload) throws IOException, InterruptedException {
        int warmUp = WARM_UP / options.divisor;
        int messages = warmUp + contender.messages(workload) * options.longer / options.divisor;
        contender.fill(1);
        long[] sent = new long[messages];
        Map<String, Double> figures = new LinkedHashMap<>();
        try (Child child = child(contender, workload, messages, BUSY)) {
            child.awaitFirst();
            long next = Duty.epochMicros();
            for (int number = 1; number < messages; number++) {
                next = Math.max(next + (number < warmUp ? WARM_UP_PAUSE_MICROS : PAUSE_MICROS), Duty.epochMicros());
                pauseUntil(next);
                int sending = number;
                contender.send(number, () -> sent[sending] = Duty.epochMicros());
            }
            long[] times = finish(contender, child, figures);
            List<Double> millis = new ArrayList<>();
            for (int number = warmUp; number < messages; number++) {
                millis.add(Math.max(0, times[number] - sent[number]) / 1e3);
            }
            figures.put(P50, Result.percentile(50, millis));
            figures.put(P99, Result.percentile(99, millis));
            child.end();
            return new Result(contender.name(), workload, figures, millis);
        }
    }

    private static void pauseUntil(long micros) throws InterruptedException {
        long left = micros - Duty.epochMicros();
        if (left > 0) {
            Thread.sleep(left / 1_000, (int) (left % 1_000) * 1_000);
        }
    }

    private Map<String, Double> cold(Contender contender, Workload workload, List<String> flags)
            throws IOException, InterruptedException {
        contender.fill(1);
        Map<String, Double> figures = new LinkedHashMap<>();
        try (Child child = child(contender, workload, 1, flags)) {
            figures.put(COLD, child.awaitFirst());
            finish(contender, child, figures);
            child.end();
        }
        return figures;
    }

    private Child child(Contender contender, Workload workload, int messages, List<String> flags) throws IOException {
        return new Child(processors.launcher(), contender, workload, messages, flags, LIMIT_SECONDS);
    }

    private static long[] finish(Contender contender, Child child, Map<String, Double> figures) throws IOException {
        int doubled = child.awaitDone();
        figures.put(MEMORY, child.residentMegabytes());
        long left = contender.left();
        if (doubled + left > 0) {
            throw new IllegalStateException(
                    contender.name() + " handled " + doubled + " messages more than once and left " + left);
        }
        return child.handledAtMicros();
    }
}
