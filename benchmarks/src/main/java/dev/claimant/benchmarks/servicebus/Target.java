package dev.claimant.benchmarks.servicebus;

import java.util.Map;

/** The queue that a contender works off. */
record Target(String connectionString, String administrationEndpoint) {

    static final String QUEUE = "bench";

    private static final String CONNECTION_VARIABLE = "BENCH_CONNECTION_STRING";
    private static final String ADMINISTRATION_VARIABLE = "BENCH_ADMINISTRATION_ENDPOINT";

    /** As the harness has given it to this process. */
    static Target given() {
        return new Target(System.getenv(CONNECTION_VARIABLE), System.getenv(ADMINISTRATION_VARIABLE));
    }

    Map<String, String> environment() {
        return Map.of(CONNECTION_VARIABLE, connectionString, ADMINISTRATION_VARIABLE, administrationEndpoint);
    }

    /** The number in a message's body. */
    static int number(String body) {
        return Integer.parseInt(body.substring(0, body.indexOf(' ')));
    }
}
