package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Bench;
import java.io.IOException;

/** {@code bin/bench rabbitmq}. */
final class RabbitMqMain {

    private RabbitMqMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Bench.main(RabbitMqArena::new, args);
        System.exit(0); // threads of the broker's starter stay
    }
}
