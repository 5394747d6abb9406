package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Bench;
import java.io.IOException;

/** {@code bin/bench kafka}. */
final class KafkaMain {

    private KafkaMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Bench.main(KafkaArena::new, args);
        System.exit(0); // threads of the broker stay
    }
}
