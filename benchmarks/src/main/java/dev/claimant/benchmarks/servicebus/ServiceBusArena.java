package dev.claimant.benchmarks.servicebus;

import dev.claimant.benchmarks.harness.Arena;
import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.QueueContender;
import java.time.Duration;
import java.util.List;

/** The tests' server in a process of its own; there is none of Microsoft's that could run here. */
public final class ServiceBusArena implements Arena {

    /** The SDK as the backend brings it. */
    private static final List<String> SDK = List.of(
            "azure-",
            "jackson-annotations-",
            "jackson-core-2",
            "jackson-databind-2",
            "jackson-datatype-jsr310-",
            "proton-j-",
            "qpid-proton-j-extensions-",
            "reactive-streams-",
            "reactor-core-",
            "slf4j-api-",
            "slf4j-simple-");

    private static final List<String> CLAIMANT = List.of("claimant-core-", "claimant-backend-servicebus-");

    private final BenchQueue queue = new BenchQueue();
    private final List<Contender> contenders = List.of(
            contender("raw", RawProgram.class, List.of()),
            contender("claimant", ClaimantProgram.class, CLAIMANT),
            contender("raw-ahead", RawAheadProgram.class, List.of()),
            contender("claimant-tuned", TunedProgram.class, CLAIMANT),
            contender("processor", ProcessorProgram.class, List.of()));

    private Contender contender(String name, Class<? extends Program> program, List<String> libraries) {
        return QueueContender.of(name, program, SDK, libraries, queue);
    }

    @Override
    public String describe() {
        return "a server that speaks Service Bus's protocol (servicebus-server), messages in memory";
    }

    @Override
    public List<Contender> contenders() {
        return contenders;
    }

    @Override
    public void setRoundTrip(Duration roundTrip) {
        queue.setRoundTrip(roundTrip);
    }

    @Override
    public void close() {
        queue.close();
    }
}
