package dev.claimant.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one run of one contender came to.
 *
 * @param figures by name; those that the workload does not measure are missing
 * @param millis how long each message took, where that is measured
 */
record Result(String contender, Workload workload, Map<String, Double> figures, List<Double> millis) {

    static final String RATE = "msgs_per_s";
    static final String P50 = "p50_ms";
    static final String P99 = "p99_ms";
    static final String COLD = "cold_ms";
    static final String MEMORY = "rss_mb";

    Result(String contender, Workload workload, Map<String, Double> figures) {
        this(contender, workload, figures, List.of());
    }

    static double percentile(int percent, List<Double> values) {
        return values.stream().sorted().toList().get(values.size() * percent / 100);
    }

    /** One line; the names that every line has come first. */
    String json() {
        Map<String, Double> all = new LinkedHashMap<>();
        for (String name : new String[] {RATE, P50, P99, COLD, MEMORY}) {
            all.put(name, figures.get(name));
        }
        all.putAll(figures);
        String numbers = all.entrySet().stream()
                .map(figure -> ", \"" + figure.getKey() + "\": " + number(figure.getValue()))
                .collect(Collectors.joining());
        return "{\"contender\": \"" + contender + "\", \"workload\": \"" + workload.label + "\"" + numbers + "}";
    }

    private static String number(Double figure) {
        return figure == null ? "null" : String.format(Locale.ROOT, "%.3f", figure);
    }
}
