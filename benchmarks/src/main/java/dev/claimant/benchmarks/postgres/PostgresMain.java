package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Bench;
import java.io.IOException;

/** {@code bin/bench postgres}. */
final class PostgresMain {

    private PostgresMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Bench.main(PostgresArena::new, args);
    }
}
