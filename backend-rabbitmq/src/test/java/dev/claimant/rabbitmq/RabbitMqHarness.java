package dev.claimant.rabbitmq;

import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Source;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A queue of its own on the real broker, each source behind a cable of its own. */
final class RabbitMqHarness implements Harness {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestServer server = TestServer.get();
    private final URI broker = URI.create(server.uri());
    private final String name;
    private final UnaryOperator<RabbitMqConfig.Builder> mode;
    private final String queueName = "contract-" + UUID.randomUUID();
    private final TestQueue queue;

    /** The one to the queue first, then that to the management API where there is one. */
    private final IdentityHashMap<Source, List<Cable>> cables = new IdentityHashMap<>();

    RabbitMqHarness(String name, UnaryOperator<RabbitMqConfig.Builder> mode) {
        this.name = name;
        this.mode = mode;
        queue = new TestQueue(builder(server.uri()).requestTimeout(PATIENCE).build());
    }

    String queue() {
        return queueName;
    }

    void deleteQueue() {
        queue.delete();
    }

    private RabbitMqConfig.Builder builder(String uri) {
        return mode.apply(RabbitMqConfig.queue(uri, queueName).declare().longestRetry(Duration.ofSeconds(8)))
                .requestTimeout(Duration.ofSeconds(2));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Source newSource() {
        Cable amqp = cableTo(broker);
        List<Cable> both = new ArrayList<>(List.of(amqp));
        RabbitMqConfig.Builder through = builder(rerouted(server.uri(), amqp));
        String management = server.management();
        if (management != null) {
            Cable http = cableTo(URI.create(management));
            through.management(rerouted(management, http));
            both.add(http);
        }
        Source source = RabbitMqSource.of(through.build());
        cables.put(source, both);
        return source;
    }

    private static Cable cableTo(URI server) {
        return new Cable(server.getHost(), server.getPort());
    }

    private static String rerouted(String uri, Cable through) {
        return uri.replace(":" + URI.create(uri).getPort(), ":" + through.port());
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
        String management = server.management();
        if (management == null) {
            throw new NotApplicable("CLAIMANT_RABBITMQ_MANAGEMENT_URL is not set");
        }
        return ManagementApi.messages(management, queueName);
    }

    @Override
    public int connections() {
        return cables.keySet().stream().map(this::amqp).mapToInt(Cable::links).sum();
    }

    @Override
    public void cut(Source source) {
        cables(source).forEach(cable -> cable.pass(false, false));
    }

    @Override
    public void mute(Source source) {
        cables(source).forEach(cable -> cable.pass(true, false));
    }

    @Override
    public void mend(Source source) {
        cables(source).forEach(Cable::mend);
    }

    private List<Cable> cables(Source source) {
        return Objects.requireNonNull(cables.get(source));
    }

    private Cable amqp(Source source) {
        return cables(source).get(0);
    }

    @Override
    public void disconnect(Source source) {
        breakConnections(source);
        // The broker may know before the client does, and hand the message to another: no rule can ask that of a lock
        // without a clock.
        await().atMost(patience())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !((RabbitMqSource) source).isConnected());
    }

    /** Returns without waiting for the source, which may have new ones already. */
    void breakConnections(Source source) {
        amqp(source).breakLinks();
    }

    @Override
    public void restart() {
        TestNode node = server.node();
        if (node == null) {
            throw new NotApplicable("the broker that was given is not ours to restart");
        }
        node.restart();
        queue.reconnect();
    }

    void killBroker() {
        Objects.requireNonNull(server.node()).kill();
        queue.reconnect();
    }

    @Override
    public void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        ((RabbitMqSource) source)
                .endanger(claims.stream().map(RabbitMqClaim.class::cast).toList(), finishWithin);
    }

    @Override
    public Misconfigured misconfigured() {
        String missing = "missing-" + UUID.randomUUID();
        String othersOwn = queue.own();
        Source source = RabbitMqSource.of(RabbitMqConfig.queue(server.uri(), missing)
                .deadLetterQueue(othersOwn)
                .build());
        return new Misconfigured(source, List.of("'" + missing + "'", "'" + othersOwn + "' cannot be used"));
    }

    /** The numbers of the management API are seconds old. */
    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public int rounds() {
        return 5;
    }

    @Override
    public Duration quiet() {
        return Duration.ofMillis(100);
    }

    @Override
    public Duration precision() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration retryDelay() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Duration reservation() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void close() {
        cables.values().forEach(both -> both.forEach(Cable::close));
        queue.close();
    }
}
