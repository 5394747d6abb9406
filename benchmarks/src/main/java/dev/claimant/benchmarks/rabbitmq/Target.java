package dev.claimant.benchmarks.rabbitmq;

import java.util.Map;

/** The queue that a contender works off. Knows no client: a process loads what its contender needs and nothing else. */
record Target(String uri, String queueType) {

    private static final String URI_VARIABLE = "BENCH_URI";
    private static final String TYPE_VARIABLE = "BENCH_QUEUE_TYPE";

    /** As the harness has given it to this process. */
    static Target given() {
        return new Target(System.getenv(URI_VARIABLE), System.getenv(TYPE_VARIABLE));
    }

    Map<String, String> environment() {
        return Map.of(URI_VARIABLE, uri, TYPE_VARIABLE, queueType);
    }

    String queue() {
        return "bench-" + queueType;
    }

    boolean isQuorum() {
        return queueType.equals("quorum");
    }
}
