package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Arena;
import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.rabbitmq.TestServer;
import java.util.ArrayList;
import java.util.List;

/** A real broker, found or started as the tests of the backend do. */
public final class RabbitMqArena implements Arena {

    private static final List<String> CLIENT = List.of("amqp-client-", "slf4j-api-", "slf4j-simple-");
    private static final List<String> CLAIMANT = List.of("claimant-core-", "claimant-backend-rabbitmq-");
    private static final List<String> SPRING =
            List.of("spring-", "commons-logging-", "micrometer-commons-", "micrometer-observation-");

    private final Queues queues;
    private final List<Contender> contenders = new ArrayList<>();

    /** Starts the broker. */
    public RabbitMqArena() {
        TestServer server = TestServer.get();
        server.allowMemory("4GB"); // near its limit a broker writes parts of its queues to disk
        String uri = server.uri();
        queues = new Queues(uri);
        for (String type : new String[] {"quorum", "classic"}) {
            Target target = new Target(uri, type);
            add("raw", RawProgram.class, List.of(), target);
            add("raw-100", RawLargeAcksProgram.class, List.of(), target);
            add("claimant", ClaimantProgram.class, CLAIMANT, target);
            add("claimant-tuned", TunedProgram.class, CLAIMANT, target);
            add("spring-smlc", SpringSmlcProgram.class, SPRING, target);
            add("spring-dmlc", SpringDmlcProgram.class, SPRING, target);
        }
    }

    private void add(String client, Class<? extends Program> program, List<String> libraries, Target target) {
        contenders.add(
                QueueContender.of(client + "/" + target.queueType(), program, CLIENT, libraries, queues.of(target)));
    }

    @Override
    public String describe() {
        return "RabbitMQ " + queues.version() + ", one node, persistent messages";
    }

    @Override
    public List<Contender> contenders() {
        return contenders;
    }

    /** The broker ends with this process. */
    @Override
    public void close() {
        queues.close();
    }
}
