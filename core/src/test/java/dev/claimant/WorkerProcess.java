package dev.claimant;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Source;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process that termination is tested on: a worker on one in-memory message, told by arguments {@code name=value} how to be. */
final class WorkerProcess {

    private final Map<String, String> arguments;
    private final InMemoryQueue queue;
    private final InMemorySource source;
    private final Gate drained = new Gate();

    private WorkerProcess(Map<String, String> arguments) {
        this.arguments = arguments;
        this.queue = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.ordering(Ordering.NONE)), System::nanoTime);
        this.source = new InMemorySource(queue);
    }

    public static void main(String[] arguments) {
        new WorkerProcess(Stream.of(arguments)
                        .map(argument -> argument.split("=", 2))
                        .collect(Collectors.toMap(argument -> argument[0], argument -> argument[1])))
                .run();
    }

    /** Ends as an application would: a Job by {@link System#exit}, a Deployment by the end of main. */
    private void run() {
        if (!is("queue", "empty")) {
            queue.send(Message.of("m", ""));
        }
        source.unreachable(is("source", "unreachable"));
        Worker worker = worker(new ForwardingSource(source) {
            @Override
            public void close() {
                super.close();
                say("source closed");
                if (is("close", "fails")) {
                    throw new NoClassDefFoundError("a defect in the source");
                }
            }
        });
        if (is("mode", "job")) {
            System.exit(worker.runJob(job()).exitCode());
        }
        if (is("drain", "from elsewhere")) {
            new Thread(worker::drain).start();
        }
        if (arguments.containsKey("neighbour")) {
            InMemorySource idle = new InMemorySource(new InMemoryQueue());
            new Thread(Worker.builder(idle).handler(claim -> {}).build()::run).start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> say("another hook")));
        }
        worker.run();
        say("run has returned");
    }

    private Worker worker(Source source) {
        WorkerBuilder builder = Worker.builder(source)
                .handler(this::handle)
                .listener(new Narrator())
                .drainTimeout(Duration.ofMillis(Long.parseLong(argument("drainMillis", "20000"))))
                .flushTimeout(Duration.ofMillis(500))
                .managementPort(0);
        return (is("order", "impossible") ? builder.ordered() : builder).build();
    }

    private JobOptions job() {
        return JobOptions.messages(1)
                .idleTimeout(Duration.ofMillis(Long.parseLong(argument("idleMillis", "60000"))))
                .owner(arguments.get("owner"))
                .terminationLog(Path.of(argument("log", "/dev/termination-log")));
    }

    private void handle(Claim claim) throws Exception {
        say("handling");
        switch (argument("handler", "completes")) {
            case "completes" -> {}
            case "fails" -> throw new IllegalStateException("as it is told to");
            case "waits for a line" ->
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            case "stops when told" -> drained.await();
            case "never stops" -> drained.awaitWhateverHappens();
            case "exits" -> System.exit(3);
            default -> throw new IllegalArgumentException("handler: " + argument("handler", ""));
        }
    }

    private boolean is(String name, String value) {
        return value.equals(arguments.get(name));
    }

    private String argument(String name, String otherwise) {
        return arguments.getOrDefault(name, otherwise);
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static final class Narrator implements WorkerListener {
        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            say(settlement.getClass().getSimpleName() + " " + verdict);
        }

        @Override
        public void sourceFailed(String operation, Exception problem) {
            say("source failed");
        }

        @Override
        public void stateChanged(Worker.State state) {
            say(state.name());
        }
    }
}
