package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.Arena;
import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.ProcessorTime;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.sqs.ServerProcess;
import dev.claimant.sqs.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server in a process of its own, found or started as the tests of the backend do. */
public final class SqsArena implements Arena {

    /** The SDK as the backend brings it. */
    private static final List<String> SDK = List.of(
            "sqs-",
            "annotations-",
            "auth-",
            "aws-core-",
            "aws-json-protocol-",
            "checksums-",
            "endpoints-spi-",
            "eventstream-",
            "http-auth-",
            "http-client-spi-",
            "identity-spi-",
            "json-utils-",
            "metrics-spi-",
            "profiles-",
            "protocol-core-",
            "reactive-streams-",
            "regions-",
            "retries-",
            "sdk-core-",
            "slf4j-api-",
            "slf4j-simple-",
            "third-party-jackson-core-",
            "utils-");

    private static final List<String> NETTY = List.of("netty-");
    private static final List<String> CLAIMANT =
            List.of("claimant-core-", "claimant-backend-sqs-", "apache5-client-", "httpc");

    private static final List<String> SPRING = List.of(
            "netty-",
            "spring-",
            "arns-",
            "commons-logging-",
            "context-propagation-",
            "jackson-",
            "micrometer-commons-",
            "micrometer-observation-");

    private final TestServer server = TestServer.main();
    private final List<BenchQueue> queues = new ArrayList<>();
    private final List<Contender> contenders = new ArrayList<>();

    /** Starts the server. */
    public SqsArena() {
        for (boolean fifo : new boolean[] {false, true}) {
            BenchQueue queue = new BenchQueue(server.endpoint().toString(), fifo);
            queues.add(queue);
            add("raw", RawProgram.class, NETTY, queue, fifo);
            add("raw-ahead", RawAheadProgram.class, NETTY, queue, fifo);
            add("raw-transport", RawTransportProgram.class, CLAIMANT, queue, fifo);
            add("claimant", ClaimantProgram.class, CLAIMANT, queue, fifo);
            add("claimant-tuned", TunedProgram.class, CLAIMANT, queue, fifo);
            add("spring", SpringProgram.class, SPRING, queue, fifo);
            add("spring-50", SpringFiftyProgram.class, SPRING, queue, fifo);
        }
    }

    private void add(
            String client, Class<? extends Program> program, List<String> libraries, BenchQueue queue, boolean fifo) {
        contenders.add(QueueContender.of(client + (fifo ? "/fifo" : "/standard"), program, SDK, libraries, queue));
    }

    @Override
    public String describe() {
        return "SQS by " + server.name() + ", messages in memory";
    }

    @Override
    public Map<String, Double> meters() {
        ServerProcess process = server.process();
        return process == null
                ? Map.of()
                : Map.of("server_cpu_us_per_msg", ProcessorTime.microsOfServer(process.pid()));
    }

    @Override
    public List<Contender> contenders() {
        return contenders;
    }

    /** The server ends with this process. */
    @Override
    public void close() {
        queues.forEach(BenchQueue::close);
    }
}
