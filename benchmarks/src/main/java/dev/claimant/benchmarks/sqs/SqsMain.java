package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.Bench;
import java.io.IOException;

/** {@code bin/bench sqs}. */
final class SqsMain {

    private SqsMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Bench.main(SqsArena::new, args);
        System.exit(0); // threads of the server's starter stay
    }
}
