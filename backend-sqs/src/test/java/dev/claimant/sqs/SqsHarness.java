package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.contract.Wire;
import dev.claimant.spi.Source;
import java.net.URI;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/** A queue of its own on a real server, each source behind a wire of its own. */
final class SqsHarness implements Harness {

    /** Long, since a loaded machine takes seconds for what should take none; the rules wait side by side. */
    private static final Duration LOCK = Duration.ofSeconds(10);

    private static final Duration PRECISION = Duration.ofSeconds(4);

    private final TestServer server;
    private final boolean fifo;
    private final boolean toBreak;
    private final TestQueue queue;
    private final IdentityHashMap<Source, Wire> wires = new IdentityHashMap<>();

    /** @param toBreak whether the rule restarts the server: others must not be on it */
    SqsHarness(TestServer shared, boolean fifo, boolean toBreak) {
        this.toBreak = toBreak;
        this.fifo = fifo;
        server = toBreak ? shared.another() : shared;
        queue = new TestQueue(server, fifo);
    }

    @Override
    public String name() {
        return "SQS " + (fifo ? "FIFO" : "standard") + ", " + server.name();
    }

    @Override
    public Source newSource() {
        URI endpoint = server.endpoint();
        Wire wire = Wire.to(endpoint.getHost(), endpoint.getPort());
        Source source = SqsSource.of(
                config("http://127.0.0.1:" + wire.port(), queue.url()).build());
        wires.put(source, wire);
        return source;
    }

    private static SqsConfig.Builder config(String endpoint, String url) {
        return SqsConfig.queue(url)
                .endpoint(endpoint)
                .region("eu-west-1")
                .credentials(TestServer.credentials())
                .lockLength(LOCK)
                .longestPoll(Duration.ofSeconds(1))
                .requestTimeout(Duration.ofSeconds(8));
    }

    @Override
    public String send(Sending message) {
        return queue.send(message);
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return queue.deadLetters();
    }

    @Override
    public long scaler() {
        return queue.scaler(true, false);
    }

    @Override
    public int connections() {
        return wires.values().stream().mapToInt(Wire::connections).sum();
    }

    @Override
    public Wire wire(Source source) {
        return Objects.requireNonNull(wires.get(source));
    }

    @Override
    public void restart() {
        if (server.process() == null) {
            throw new NotApplicable("the server that was given is not ours to restart");
        }
        server.restart();
    }

    @Override
    public void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        ((SqsSource) source).endanger(claims.stream().map(SqsClaim.class::cast).toList(), finishWithin);
    }

    @Override
    public Misconfigured misconfigured() {
        String missing = queue.missing("missing");
        String missingDead = queue.missing("missing-dead");
        Source source = SqsSource.of(config(server.endpoint().toString(), missing)
                .deadLetterQueue(missingDead)
                .build());
        return new Misconfigured(source, List.of(missing, missingDead));
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Override
    public int rounds() {
        return 5;
    }

    @Override
    public Duration precision() {
        return PRECISION;
    }

    @Override
    public Duration retryDelay() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
        queue.close();
        if (toBreak && server.process() != null) {
            server.process().stop();
        }
    }
}
