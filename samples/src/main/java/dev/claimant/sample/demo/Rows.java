package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Pod;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The lines of a report. */
final class Rows {

    private Rows() {}

    static void row(PrintStream out, String what, int number, String meaning) {
        out.println(String.format(Locale.ROOT, "  %-16s %5d   %s", what, number, meaning));
    }

    static String exitCodes(List<Pod> pods) {
        Map<Integer, Long> codes = pods.stream()
                .flatMap(pod -> pod.exitCode().stream().boxed())
                .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting()));
        return codes.entrySet().stream()
                .map(code -> code.getKey() + " (" + code.getValue() + " times)")
                .collect(Collectors.joining(", "));
    }
}
