package dev.claimant.servicebus;

import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.contract.Wire;
import dev.claimant.servicebusserver.GivenEntities;
import dev.claimant.servicebusserver.GivenServer;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A queue of a {@link GivenServer}: time truly passes there. It has some queues for this, and each rule waits for one that is free. */
final class GivenHarness extends WiredHarness {

    /** Of a server on this machine, without TLS: its connections can be cut. */
    private static final Pattern LOCAL = Pattern.compile("((?:sb|http)://(?:localhost|127\\.0\\.0\\.1):)(\\d+)");

    private static final BlockingQueue<String> FREE = free();

    private final GivenServer server;
    private final String queue;
    private final Hands hands;

    private GivenHarness(GivenServer server) throws InterruptedException {
        this.server = server;
        queue = FREE.take();
        hands = new Hands(server.connectionString(), queue, null, false);
        try {
            hands.empty();
        } catch (RuntimeException | Error e) {
            close(); // or the other rules would wait for this queue for ever
            throw e;
        }
    }

    private static BlockingQueue<String> free() {
        GivenServer server = GivenServer.ofEnvironment();
        int rules = server == null ? 0 : server.rules();
        return new LinkedBlockingQueue<>(GivenEntities.contractQueues().subList(0, rules));
    }

    /** The given server's, if one is given. */
    static @Nullable GivenHarness ofEnvironment() {
        GivenServer server = GivenServer.ofEnvironment();
        if (server == null) {
            return null;
        }
        try {
            return new GivenHarness(server);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "Service Bus queue, " + server.name();
    }

    @Override
    public Source newSource() {
        String endpoint = server.administrationEndpoint();
        Matcher amqp = LOCAL.matcher(server.connectionString());
        Matcher administration = LOCAL.matcher(String.valueOf(endpoint));
        if (!amqp.find() || !administration.find()) {
            return source(config(server.connectionString(), endpoint));
        }
        Wire first = Wire.to("127.0.0.1", Integer.parseInt(amqp.group(2)));
        Wire second = Wire.to("127.0.0.1", Integer.parseInt(administration.group(2)));
        return behind(
                source(config(
                        amqp.replaceFirst("$1" + first.port()), administration.replaceFirst("$1" + second.port()))),
                first,
                second);
    }

    private static Source source(ServiceBusConfig.Builder config) {
        return ServiceBusSource.of(config.build());
    }

    private ServiceBusConfig.Builder config(String connectionString, @Nullable String endpoint) {
        return at(ServiceBusConfig.queue(queue), connectionString, endpoint)
                .lockLength(server.lock())
                .requestTimeout(Duration.ofSeconds(4))
                .silence(Duration.ofSeconds(2));
    }

    private static ServiceBusConfig.Builder at(
            ServiceBusConfig.Builder config, String connectionString, @Nullable String endpoint) {
        return (endpoint == null ? config : config.administrationEndpoint(endpoint)).connectionString(connectionString);
    }

    /** One that hands out sessions, and gives a message up after ten deliveries. */
    @Override
    public Misconfigured misconfigured() {
        return new Misconfigured(
                source(at(
                        ServiceBusConfig.queue("ordered"), server.connectionString(), server.administrationEndpoint())),
                List.of("sessions", "maxDeliveryCount"));
    }

    @Override
    public String send(Sending message) {
        return hands.send(message);
    }

    @Override
    public String sendUnusable() {
        return hands.sendSequence();
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return hands.deadLetters();
    }

    @Override
    public long scaler() {
        return hands.active();
    }

    @Override
    public int connections() {
        if (!LOCAL.matcher(server.connectionString()).find()) {
            throw new NotApplicable("the connections of a server somewhere else are not counted");
        }
        return super.connections();
    }

    @Override
    public Duration retryDelay() {
        return Duration.ofSeconds(10);
    }

    @Override
    public int rounds() {
        return 2;
    }

    @Override
    public void close() {
        super.close();
        hands.close();
        FREE.add(queue);
    }
}
