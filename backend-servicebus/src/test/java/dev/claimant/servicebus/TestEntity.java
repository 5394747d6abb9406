package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.models.SubQueue;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.ServiceBusServer;
import dev.claimant.servicebusserver.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
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
    private final ServiceBusClientBuilder hands;
    private @Nullable ServiceBusSenderAsyncClient sender;
    private @Nullable ServiceBusReceiverAsyncClient looker;
    private long lastSequence;
    private boolean hasScheduledRetries;

    TestEntity(@Nullable String subscription, Switch... switches) {
        this(subscription, OPTIONS, switches);
    }

    TestEntity(@Nullable String subscription, EntityOptions options, Switch... switches) {
        this.subscription = subscription;
        hasSessions = options.requiresSession();
        this.switches = Set.of(switches);
        server = ServiceBusServer.start(switches);
        if (subscription == null) {
            server.addQueue("orders", options);
        } else {
            server.addTopic("orders");
            server.addSubscription("orders", subscription, options);
        }
        hands = new ServiceBusClientBuilder().connectionString(server.connectionString());
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
    synchronized String send(Sending sending) {
        ServiceBusMessage message = new ServiceBusMessage(sending.body())
                .setMessageId(UUID.randomUUID().toString());
        message.getApplicationProperties().putAll(sending.headers());
        if (sending.orderingKey() != null) {
            message.setSessionId(sending.orderingKey());
        } else if (hasSessions) {
            message.setSessionId("only-" + message.getMessageId());
        }
        return send(message);
    }

    synchronized String send(ServiceBusMessage message) {
        if (sender == null) {
            sender = subscription == null
                    ? hands.sender().queueName("orders").buildAsyncClient()
                    : hands.sender().topicName("orders").buildAsyncClient();
            looker = receiver(null);
        }
        sender.sendMessage(message).block(PATIENCE);
        lastSequence = Objects.requireNonNull(Objects.requireNonNull(looker)
                        .peekMessages(1, lastSequence + 1)
                        .blockFirst(PATIENCE))
                .getSequenceNumber();
        return Long.toString(lastSequence);
    }

    void sendAll(List<ServiceBusMessage> messages) {
        ServiceBusSenderAsyncClient all = hands.sender().queueName("orders").buildAsyncClient();
        for (int from = 0; from < messages.size(); from += 500) {
            all.sendMessages(messages.subList(from, Math.min(messages.size(), from + 500)))
                    .block(PATIENCE);
        }
        all.close();
    }

    List<DeadMessage> deadLetters() {
        List<DeadMessage> dead = new ArrayList<>();
        ServiceBusReceiverAsyncClient receiver = receiver(SubQueue.DEAD_LETTER_QUEUE);
        try {
            for (ServiceBusReceivedMessage message : Objects.requireNonNull(
                    receiver.peekMessages(250, 0).collectList().block(PATIENCE))) {
                dead.add(new DeadMessage(
                        message.getBody().toBytes(),
                        String.valueOf(message.getDeadLetterReason()),
                        message.getMessageId()));
            }
        } finally {
            receiver.close();
        }
        return dead;
    }

    private ServiceBusReceiverAsyncClient receiver(@Nullable SubQueue subQueue) {
        var receiver = hands.receiver().disableAutoComplete();
        if (subscription == null) {
            receiver.queueName("orders");
        } else {
            receiver.topicName("orders").subscriptionName(subscription);
        }
        if (subQueue != null) {
            receiver.subQueue(subQueue);
        }
        return receiver.buildAsyncClient();
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        if (looker != null) {
            looker.close();
        }
        server.close();
    }
}
