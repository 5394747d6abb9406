package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All runs at one source, the contenders taking turns, so that what else the machine does meets all of them. */
public final class Bench {

    private static final int WRONG_USAGE = 64;

    private Bench() {}

    /** Runs what the words ask for and prints the tables. */
    public static void main(Supplier<Arena> start, String... words) throws IOException, InterruptedException {
        try {
            Options options = Options.of(words);
            Processors processors = options.apart ? Processors.apart() : Processors.shared();
            try (Arena arena = start.get();
                    Archives archives = new Archives(processors)) {
                if (options.roundTrip != null) {
                    arena.setRoundTrip(options.roundTrip);
                }
                List<Result> results = run(arena, new Trial(arena, archives, options, processors), options);
                write(options.json, results);
                System.out.println(arena.describe() + ", " + Runtime.version() + ", " + processors.description()
                        + "; medians of " + options.runs);
                new Report(results).print();
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    private static List<Result> run(Arena arena, Trial trial, Options options)
            throws IOException, InterruptedException {
        List<Contender> contenders = options.chosen(arena.contenders());
        List<Result> results = new ArrayList<>();
        for (Workload workload : options.workloads) {
            for (int run = 1; run <= options.runs; run++) {
                if (workload.enqueues()) {
                    new EnqueueTrial(options.divisor)
                            .run(arena.enqueuers(), workload)
                            .forEach(result -> add(results, result));
                } else {
                    for (Contender contender : contenders) {
                        measure(trial, contender, workload, results);
                    }
                }
            }
        }
        return results;
    }

    private static void measure(Trial trial, Contender contender, Workload workload, List<Result> results)
            throws IOException, InterruptedException {
        try {
            add(results, trial.run(contender, workload));
        } catch (NoArchiveException e) {
            System.err.println("bench: skipped: " + e.getMessage());
        }
    }

    private static void add(List<Result> results, Result result) {
        results.add(result);
        System.err.println(result.json());
    }

    private static void write(@Nullable Path json, List<Result> results) throws IOException {
        if (json != null) {
            Files.write(json, results.stream().map(Result::json).toList());
        }
    }
}
