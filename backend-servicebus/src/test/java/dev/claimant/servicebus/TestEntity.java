package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.ServiceBusServer;
import dev.claimant.servicebusserver.Switch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A queue or subscription on a server of its own, and the tests' own hands in it. */
final class TestEntity implements AutoCloseable {

    static final Duration LOCK = Duration.ofMinutes(1);
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final EntityOptions OPTIONS =
            EntityOptions.defaults().lockDuration(LOCK).maxDeliveryCount(100);

    final ServiceBusServer server;
    final @Nullable String subscription;
    private final boolean hasSessions;
    final Set<Switch> switches;
    private final Hands hands;
    private boolean hasScheduledRetries;

    TestEntity(@Nullable String subscription, Switch... switches) {
        this(subscription, OPTIONS, switches);
    }

    TestEntity(@Nullable String subscription, EntityOptions options, Switch... switches) {
        this.subscription = subscription;
        hasSessions = options.requiresSession();
        this.switches = Set.of(switches);
        server = ServiceBusServer.start(switches);
        if (switches.length > 1) { // with questions decided the other way the clocks differ, too
            server.advance(Duration.ofMinutes(hasSessions ? -10 : 10));
        }
        if (subscription == null) {
            server.addQueue("orders", options);
        } else {
            server.addTopic("orders");
            server.addSubscription("orders", subscription, options);
        }
        hands = new Hands(server.connectionString(), "orders", subscription, hasSessions);
    }

    /** Retries with a delay are scheduled copies. */
    TestEntity scheduledRetries() {
        hasScheduledRetries = true;
        return this;
    }

    boolean locksOutliveConnections() {
        return hasSessions
                ? switches.contains(Switch.SESSION_OUTLIVES_LINK)
                : !switches.contains(Switch.LOCKS_END_WITH_CONNECTION);
    }

    String path() {
        return subscription == null ? "orders" : "orders/subscriptions/" + subscription;
    }

    /** The settings of a source that connects to these ports. */
    ServiceBusConfig.Builder config(int port, int adminPort) {
        ServiceBusConfig.Builder builder = subscription == null
                ? ServiceBusConfig.queue("orders")
                : ServiceBusConfig.subscription("orders", subscription);
        if (hasSessions) {
            builder.sessions();
        }
        if (hasScheduledRetries) {
            builder.scheduledRetries();
        }
        if (!switches.isEmpty() && !hasSessions) {
            builder.lockLength(LOCK); // then the administration API is not asked at the start
        }
        return builder.connectionString(
                        ServiceBusServer.connectionString(port, "RootManageSharedAccessKey", "a-key-for-tests"))
                .administrationEndpoint("http://localhost:" + adminPort)
                .requestTimeout(Duration.ofSeconds(4))
                .silence(Duration.ofSeconds(2));
    }

    ServiceBusConfig.Builder config() {
        return config(server.port(), server.adminPort());
    }

    /** Returns the id that the message's claims will have. */
    String send(Sending sending) {
        return hands.send(sending);
    }

    String send(ServiceBusMessage message) {
        return hands.send(message);
    }

    /** On a connection of its own, where the others may be broken. */
    void sendAgain(String text) {
        try (Hands own = new Hands(server.connectionString(), "orders", subscription, hasSessions)) {
            own.send(new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null));
        }
    }

    String sendSequence() {
        return hands.sendSequence();
    }

    void sendAll(List<ServiceBusMessage> messages) {
        hands.sendAll(messages);
    }

    List<DeadMessage> deadLetters() {
        return hands.deadLetters();
    }

    @Override
    public void close() {
        hands.close();
        server.close();
    }
}
