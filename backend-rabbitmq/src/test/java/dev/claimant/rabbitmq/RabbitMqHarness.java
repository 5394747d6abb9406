package dev.claimant.rabbitmq;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.claimant.Claim;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A queue of its own on the real broker, each source behind a cable of its own. */
final class RabbitMqHarness implements Harness {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestServer server = TestServer.get();
    private final URI broker = URI.create(server.uri());
    private final String queue = "contract-" + UUID.randomUUID();
    private final String name;
    private final UnaryOperator<RabbitMqConfig.Builder> mode;
    private final IdentityHashMap<Source, Cable> cables = new IdentityHashMap<>();
    private final IdentityHashMap<Source, Cable> managementCables = new IdentityHashMap<>();
    private final RabbitMqConfig config;
    private Connection connection;
    private Channel channel;
    private boolean restarted;

    RabbitMqHarness(String name, UnaryOperator<RabbitMqConfig.Builder> mode) {
        this.name = name;
        this.mode = mode;
        config = builder(server.uri()).requestTimeout(PATIENCE).build();
        connection = new Connections(config).open("harness");
        try {
            List<String> problems = Topology.problems(connection, config);
            if (!problems.isEmpty()) {
                throw new IllegalStateException(problems.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = confirmed(connection);
    }

    private static Channel confirmed(Connection connection) {
        try {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reconnect() {
        restarted = true;
        connection = new Connections(config).open("harness");
        channel = confirmed(connection);
    }

    String queue() {
        return queue;
    }

    void delete(String which) {
        try {
            channel.queueDelete(which);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RabbitMqConfig.Builder builder(String uri) {
        return mode.apply(RabbitMqConfig.queue(uri, queue).declare().longestRetry(Duration.ofSeconds(8)))
                .requestTimeout(Duration.ofSeconds(2));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Source newSource() {
        Cable cable = cableTo(broker);
        RabbitMqConfig.Builder through = builder(server.uri().replace(":" + broker.getPort(), ":" + cable.port()));
        Source source;
        String management = server.management();
        if (management == null) {
            source = RabbitMqSource.of(through.build());
        } else {
            URI api = URI.create(management);
            Cable other = cableTo(api);
            through.management(management.replace(":" + api.getPort(), ":" + other.port()));
            source = RabbitMqSource.of(through.build());
            managementCables.put(source, other);
        }
        cables.put(source, cable);
        return source;
    }

    private static Cable cableTo(URI server) {
        return new Cable(server.getHost(), server.getPort());
    }

    @Override
    public String send(Sending message) {
        String id = UUID.randomUUID().toString();
        BasicProperties properties = new BasicProperties.Builder()
                .messageId(id)
                .headers(new HashMap<>(message.headers()))
                .timestamp(Date.from(Instant.now()))
                .deliveryMode(2)
                .build();
        try {
            channel.basicPublish("", queue, properties, message.body());
            channel.waitForConfirmsOrDie(10_000);
            return id;
        } catch (IOException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public List<DeadMessage> deadLetters() {
        String dead = config.deadLetterQueue();
        List<DeadMessage> found = new ArrayList<>();
        try (Channel reader = connection.createChannel()) {
            for (GetResponse next = reader.basicGet(dead, false); next != null; next = reader.basicGet(dead, false)) {
                Map<String, Object> headers = Deliveries.headers(next.getProps());
                found.add(new DeadMessage(next.getBody(), String.valueOf(headers.get(Deliveries.REASON))));
            }
            return found;
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long scaler() {
        String management = server.management();
        if (management == null) {
            throw new NotApplicable("CLAIMANT_RABBITMQ_MANAGEMENT_URL is not set");
        }
        return ManagementApi.messages(management, queue);
    }

    @Override
    public int connections() {
        return cables.values().stream().mapToInt(Cable::links).sum();
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
        Cable management = managementCables.get(source);
        return management == null ? List.of(cable(source)) : List.of(cable(source), management);
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
        cable(source).breakLinks();
    }

    @Override
    public void restart() {
        TestNode node = server.node();
        if (node == null) {
            throw new NotApplicable("the broker that was given is not ours to restart");
        }
        node.restart();
        reconnect();
    }

    void killBroker() {
        Objects.requireNonNull(server.node()).kill();
        reconnect();
    }

    @Override
    public void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        ((RabbitMqSource) source)
                .endanger(claims.stream().map(RabbitMqClaim.class::cast).toList(), finishWithin);
    }

    @Override
    public Misconfigured misconfigured() {
        String missing = "missing-" + UUID.randomUUID();
        Source source =
                RabbitMqSource.of(RabbitMqConfig.queue(server.uri(), missing).build());
        return new Misconfigured(source, List.of("'" + missing + "'", "'" + missing + ".dead'"));
    }

    private Cable cable(Source source) {
        return Objects.requireNonNull(cables.get(source));
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

    /**
     * Deletes the queues, unless the broker was started again: a quorum queue of RabbitMQ 3.10 that is deleted while its dead-lettering
     * starts takes down that of the whole node. They are gone with the node.
     */
    @Override
    public void close() {
        cables.values().forEach(Cable::close);
        managementCables.values().forEach(Cable::close);
        if (!restarted) {
            delete(queue);
            delete(Objects.requireNonNull(config.deadLetterQueue()));
            Topology.retryQueues(config).forEach(this::delete);
        }
        connection.abort((int) TimeUnit.SECONDS.toMillis(1));
    }
}
