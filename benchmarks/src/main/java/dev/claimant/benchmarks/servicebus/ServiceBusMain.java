package dev.claimant.benchmarks.servicebus;

import dev.claimant.benchmarks.harness.Bench;
import java.io.IOException;

/** {@code bin/bench servicebus}. */
final class ServiceBusMain {

    private ServiceBusMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        // each server ends under its client
        System.setProperty("org.slf4j.simpleLogger.log.com.azure", "error");
        Bench.main(ServiceBusArena::new, args);
        System.exit(0); // threads of the SDK stay
    }
}
