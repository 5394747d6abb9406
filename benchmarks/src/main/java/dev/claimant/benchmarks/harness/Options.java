package dev.claimant.benchmarks.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. */
final class Options {

    static final String USAGE =
            "[--json FILE] [--workloads NAME,...] [--contenders NAME,...] [--runs N] [--longer N: noop and latency with N times the messages] [--apart: server and contender on processors of their own] [--round-trip MILLIS: servicebus alone, each request takes so long] [--quick: one run, a tenth of the messages]";

    List<Workload> workloads = Arrays.stream(Workload.values())
            .filter(workload -> workload != Workload.ONE_SLOT)
            .toList();

    /** Empty: all of them. */
    List<String> contenders = List.of();

    int runs = 3;
    int divisor = 1;

    /** How many times as many messages `noop` has, and `latency` measures: the longer `noop` runs, the less of it is the JVM's compiler. */
    int longer = 1;

    /** Whether server and contender have processors of their own. */
    boolean apart;

    /** How long a request and its answer are on their way, beside what the loopback takes; absent: no longer. */
    @Nullable Duration roundTrip;

    @Nullable Path json;

    static Options of(String... words) {
        Options options = new Options();
        ArrayDeque<String> rest = new ArrayDeque<>(Arrays.asList(words));
        while (!rest.isEmpty()) {
            options.take(rest.remove(), rest);
        }
        return options;
    }

    private void take(String option, ArrayDeque<String> rest) {
        if (option.equals("--quick")) {
            runs = 1;
            divisor = 10;
            return;
        }
        if (option.equals("--apart")) {
            apart = true;
            return;
        }
        String value = rest.poll();
        if (value == null) {
            throw new IllegalArgumentException(option + ": unknown, or its value is missing; " + USAGE);
        }
        switch (option) {
            case "--json" -> json = Path.of(value);
            case "--workloads" ->
                workloads =
                        Arrays.stream(value.split(",", -1)).map(Workload::of).toList();
            case "--contenders" -> contenders = List.of(value.split(",", -1));
            case "--runs" -> runs = positive(option, value);
            case "--round-trip" -> roundTrip = Duration.ofMillis(positive(option, value));
            case "--longer" -> longer = positive(option, value);
            default -> throw new IllegalArgumentException(option + ": unknown; " + USAGE);
        }
    }

    private static int positive(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(option + ": '" + value + "' is not a number from 1 to 9999");
        }
        return Integer.parseInt(value);
    }

    /** Those of them that are asked for. */
    List<Contender> chosen(List<Contender> all) {
        List<String> known = all.stream().map(Contender::name).toList();
        for (String name : contenders) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "--contenders: '" + name + "' is none of " + String.join(", ", known));
            }
        }
        return all.stream()
                .filter(contender -> contenders.isEmpty() || contenders.contains(contender.name()))
                .toList();
    }
}
