package dev.claimant.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The medians of all runs, one table for each workload, and for each variant where a contender's name ends with one, as in {@code a/b};
 * the second column says how many times the first contender's it is.
 */
final class Report {

    private final List<Result> results;

    Report(List<Result> results) {
        this.results = results;
    }

    void print() {
        Set<Workload> workloads = new LinkedHashSet<>();
        results.forEach(result -> workloads.add(result.workload()));
        Set<String> variants = new LinkedHashSet<>();
        results.forEach(result -> variants.add(variant(result)));
        workloads.forEach(workload -> variants.forEach(variant -> print(workload, variant)));
    }

    private static String variant(Result result) {
        int slash = result.contender().indexOf('/');
        return slash < 0 ? "" : result.contender().substring(slash);
    }

    private void print(Workload workload, String variant) {
        List<Result> mine = results.stream()
                .filter(result ->
                        result.workload() == workload && variant(result).equals(variant))
                .toList();
        Set<String> contenders = new LinkedHashSet<>();
        Set<String> figures = new LinkedHashSet<>();
        mine.forEach(result -> {
            contenders.add(result.contender());
            figures.addAll(result.figures().keySet());
        });
        String first = contenders.iterator().next();
        String main = main(workload);
        figures.remove(main);
        List<String> heads = heads(main, first, figures);
        if (!millis(mine, first).isEmpty()) {
            heads.add("p99_ms_of_all_runs");
        }
        System.out.println();
        System.out.println(line(workload.label, heads));
        for (String contender : contenders) {
            double median = median(mine, contender, main).orElseThrow();
            List<String> cells = new ArrayList<>();
            cells.add(number(median));
            cells.add(String.format(
                    Locale.ROOT, "%.2f", median / median(mine, first, main).orElseThrow()));
            figures.forEach(figure -> {
                OptionalDouble value = median(mine, contender, figure);
                cells.add(value.isPresent() ? number(value.getAsDouble()) : "-");
            });
            List<Double> millis = millis(mine, contender);
            if (!millis.isEmpty()) {
                cells.add(number(Result.percentile(99, millis)));
            }
            System.out.println(line(contender, cells));
        }
    }

    private static List<String> heads(String main, String first, Set<String> figures) {
        List<String> heads = new ArrayList<>(List.of(main, "to " + first));
        heads.addAll(figures);
        return heads;
    }

    private static String main(Workload workload) {
        if (workload.isCold()) {
            return Result.COLD;
        }
        return workload.isThroughput() ? Result.RATE : Result.P99;
    }

    /** The messages of all runs: the 99th percentile of one run is but its third slowest message. */
    private static List<Double> millis(List<Result> results, String contender) {
        return results.stream()
                .filter(result -> result.contender().equals(contender))
                .flatMap(result -> result.millis().stream())
                .toList();
    }

    private static OptionalDouble median(List<Result> results, String contender, String figure) {
        double[] values = results.stream()
                .filter(result -> result.contender().equals(contender))
                .filter(result -> result.figures().containsKey(figure))
                .mapToDouble(result -> result.figures().get(figure))
                .sorted()
                .toArray();
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length / 2]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private static String line(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-20s", name));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, " %21s", cell)));
        return line.toString();
    }
}
