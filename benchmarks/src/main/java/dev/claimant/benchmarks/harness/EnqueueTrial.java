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

/**
 * One run of a workload that enqueues, in this process: threads that call one after the other. Those who are compared take turns of a quarter of a second,
 * so that what else the machine does meets all of them.
 */
final class EnqueueTrial {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int WARM_UP_TURNS = 4;
    private static final int MEASURED_TURNS = 24;

    private final int measuredTurns;

    EnqueueTrial(int divisor) {
        this.measuredTurns = Math.max(1, MEASURED_TURNS / divisor);
    }

    List<Result> run(List<Enqueuer> enqueuers, Workload workload) throws InterruptedException {
        enqueuers.get(0).reset();
        turns(WARM_UP_TURNS, enqueuers, workload);
        return turns(measuredTurns, enqueuers, workload);
    }

    private static List<Result> turns(int turns, List<Enqueuer> enqueuers, Workload workload)
            throws InterruptedException {
        List<Calls> calls = enqueuers.stream().map(enqueuer -> new Calls()).toList();
        for (int turn = 0; turn < turns * enqueuers.size(); turn++) {
            // Each one comes after each other one.
            int next = (turn + turn / enqueuers.size()) % enqueuers.size();
            calls.get(next).add(enqueuers.get(next), workload);
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            results.add(
                    new Result(enqueuers.get(i).name(), workload, calls.get(i).figures(workload)));
        }
        return results;
    }

    /** What one of them did in all of its turns. */
    private static final class Calls {

        private LongStream nanos = LongStream.empty();
        private long elapsedNanos;

        void add(Enqueuer enqueuer, Workload workload) throws InterruptedException {
            long begun = System.nanoTime();
            long[] turn = calls(enqueuer, workload, TURN_NANOS);
            elapsedNanos += System.nanoTime() - begun;
            nanos = LongStream.concat(nanos, Arrays.stream(turn));
        }

        Map<String, Double> figures(Workload workload) {
            long[] sorted = nanos.sorted().toArray();
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(Result.RATE, sorted.length * (double) workload.messagesPerCall() / (elapsedNanos / 1e9));
            figures.put(Result.P50, sorted[sorted.length / 2] / 1e6);
            figures.put(Result.P99, sorted[(int) (sorted.length * 99L / 100)] / 1e6);
            return figures;
        }
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
