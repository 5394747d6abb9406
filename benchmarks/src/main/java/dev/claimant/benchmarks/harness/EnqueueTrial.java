package dev.claimant.benchmarks.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** One run of a workload that enqueues, in this process: threads that call one after the other, for some seconds. */
final class EnqueueTrial {

    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final long measuredNanos;

    EnqueueTrial(int divisor) {
        this.measuredNanos = MEASURED_NANOS / divisor;
    }

    Result run(Enqueuer enqueuer, Workload workload) throws InterruptedException {
        enqueuer.reset();
        calls(enqueuer, workload, WARM_UP_NANOS);
        long begun = System.nanoTime();
        long[] nanos = calls(enqueuer, workload, measuredNanos);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Arrays.sort(nanos);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Result.RATE, nanos.length * (double) workload.messagesPerCall() / seconds);
        figures.put(Result.P50, nanos[nanos.length / 2] / 1e6);
        figures.put(Result.P99, nanos[(int) (nanos.length * 99L / 100)] / 1e6);
        return new Result(enqueuer.name(), workload, figures);
    }

    /** How long each call took. */
    private static long[] calls(Enqueuer enqueuer, Workload workload, long forNanos) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(workload.slots);
        long end = System.nanoTime() + forNanos;
        List<Future<long[]>> all = new ArrayList<>();
        for (int i = 0; i < workload.slots; i++) {
            all.add(threads.submit(() -> callsUntil(end, enqueuer, workload.messagesPerCall())));
        }
        try {
            LongStream nanos = LongStream.empty();
            for (Future<long[]> each : all) {
                nanos = LongStream.concat(nanos, Arrays.stream(each.get()));
            }
            return nanos.toArray();
        } catch (ExecutionException e) {
            throw new IllegalStateException(enqueuer.name() + " could not enqueue", e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private static long[] callsUntil(long end, Enqueuer enqueuer, int messages) throws Exception {
        LongStream.Builder nanos = LongStream.builder();
        for (long begun = System.nanoTime(); begun < end; ) {
            enqueuer.enqueue(messages);
            long now = System.nanoTime();
            nanos.add(now - begun);
            begun = now;
        }
        return nanos.build().toArray();
    }
}
