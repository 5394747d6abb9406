package dev.claimant.benchmarks.sqs;

import java.util.Map;

/** The queue that a contender works off. Knows no client: a process loads what its contender needs and nothing else. */
record Target(String endpoint, String queueUrl) {

    static final String REGION = "eu-west-1";

    /** The same for every contender; an idle worker that ends waits for so long, and AWS's limit of 20 s would only be waited out. */
    static final int LONGEST_POLL_SECONDS = 2;

    private static final String ENDPOINT_VARIABLE = "BENCH_ENDPOINT";
    private static final String QUEUE_VARIABLE = "BENCH_QUEUE_URL";

    /** As the harness has given it to this process. */
    static Target given() {
        return new Target(System.getenv(ENDPOINT_VARIABLE), System.getenv(QUEUE_VARIABLE));
    }

    /** The credentials are found by the SDK's own chain, as in a pod. */
    Map<String, String> environment() {
        return Map.of(
                ENDPOINT_VARIABLE,
                endpoint,
                QUEUE_VARIABLE,
                queueUrl,
                "AWS_ACCESS_KEY_ID",
                "bench",
                "AWS_SECRET_ACCESS_KEY",
                "bench");
    }

    /** The number in a message's body. */
    static int number(String body) {
        return Integer.parseInt(body.substring(0, body.indexOf(' ')));
    }
}
