package dev.claimant.sample;

import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.HelloTopic;
import dev.claimant.sample.cluster.LocalSqs;
import java.io.IOException;
import java.util.Map;

/**
 * For {@code bin/image --check}: a server of the given source on the loopback address, with an empty queue. Prints the variables by which
 * the sample's worker finds it, then an empty line, and lives until its standard input ends.
 */
final class ServerMain {

    private ServerMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        switch (args[0]) {
            case "rabbitmq" -> {
                HelloBroker broker = new HelloBroker();
                serve("rabbitmq", broker.environmentOfOneUser());
            }
            case "sqs" -> {
                try (LocalSqs server = LocalSqs.start()) {
                    serve("sqs", new HelloQueue(server.endpoint()).environment());
                }
            }
            case "kafka" -> {
                try (HelloTopic topic = HelloTopic.start()) {
                    serve("kafka", topic.environment());
                }
            }
            case "servicebus" -> {
                try (HelloEntity queue = HelloEntity.queue(60)) {
                    serve("servicebus", queue.environmentOfOneUser());
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0); // the brokers' own threads go with this process
    }

    private static void serve(String source, Map<String, String> environment) throws IOException {
        System.out.println("SOURCE=" + source);
        environment.forEach((name, value) -> {
            if (!name.equals("SOURCE")) {
                System.out.println(name + "=" + value);
            }
        });
        System.out.println();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
}
