package dev.claimant.servicebus;

import com.azure.core.amqp.AmqpRetryMode;
import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.core.amqp.AmqpTransportType;
import com.azure.core.credential.TokenCredential;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One AMQP connection and the clients that share it. Thread-safe. */
final class ServiceBusConnection {

    private final ServiceBusConfig config;
    private final ServiceBusClientBuilder builder = new ServiceBusClientBuilder();
    private final Map<Object, Runnable> open = new ConcurrentHashMap<>();
    private @Nullable ServiceBusReceiverAsyncClient looker;
    private @Nullable ServiceBusSessionReceiverAsyncClient sessions;
    private @Nullable ServiceBusSenderAsyncClient copies;

    /** @param credential absent where the connection string has a key or a signature */
    ServiceBusConnection(ServiceBusConfig config, @Nullable TokenCredential credential) {
        this.config = config;
        if (config.connection != null) {
            builder.connectionString(config.connection.text());
        } else {
            builder.fullyQualifiedNamespace(config.namespace);
        }
        if (credential != null) {
            builder.credential(credential);
        }
        if (config.webSockets) {
            builder.transportType(AmqpTransportType.AMQP_WEB_SOCKETS);
        }
        // The worker repeats what it needs to; a repetition of the SDK's own only hides how long an answer takes.
        builder.retryOptions(new AmqpRetryOptions()
                .setMode(AmqpRetryMode.EXPONENTIAL)
                .setTryTimeout(config.requestTimeout)
                .setDelay(Duration.ofMillis(200))
                .setMaxDelay(Duration.ofSeconds(5))
                .setMaxRetries(Integer.MAX_VALUE - 1));
    }

    /** A client with an own receiving link, once it is subscribed to: no renewals and no settlements of its own, nothing ahead. */
    ServiceBusReceiverAsyncClient receiver() {
        return receiver(SubQueue.NONE);
    }

    /** One that never has a link: it looks, and settles and renews by the management node, whichever link a message has come by. */
    synchronized ServiceBusReceiverAsyncClient looker() {
        if (looker == null) {
            looker = receiver();
        }
        return looker;
    }

    /** The same as {@link #receiver} for the entity's dead-letter queue. */
    ServiceBusReceiverAsyncClient deadLetters() {
        return receiver(SubQueue.DEAD_LETTER_QUEUE);
    }

    private ServiceBusReceiverAsyncClient receiver(SubQueue queue) {
        ServiceBusClientBuilder.ServiceBusReceiverClientBuilder receiver = builder.receiver()
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(0)
                .subQueue(queue);
        if (config.entity.subscription() == null) {
            receiver.queueName(config.entity.name());
        } else {
            receiver.topicName(config.entity.name()).subscriptionName(config.entity.subscription());
        }
        ServiceBusReceiverAsyncClient client = receiver.buildAsyncClient();
        open.put(client, client::close);
        return client;
    }

    /** Accepts sessions, as bare as {@link #receiver}. */
    synchronized ServiceBusSessionReceiverAsyncClient sessions() {
        if (sessions == null) {
            sessions = newSessions();
        }
        return sessions;
    }

    private ServiceBusSessionReceiverAsyncClient newSessions() {
        ServiceBusClientBuilder.ServiceBusSessionReceiverClientBuilder receiver = builder.sessionReceiver()
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(0);
        if (config.entity.subscription() == null) {
            receiver.queueName(config.entity.name());
        } else {
            receiver.topicName(config.entity.name()).subscriptionName(config.entity.subscription());
        }
        ServiceBusSessionReceiverAsyncClient client = receiver.buildAsyncClient();
        open.put(client, client::close);
        return client;
    }

    /** To the queue, for copies. */
    synchronized ServiceBusSenderAsyncClient copies() {
        if (copies == null) {
            copies = sender();
            open.put(copies, copies::close);
        }
        return copies;
    }

    /** To the queue, or to the topic of the subscription. The caller closes it. */
    ServiceBusSenderAsyncClient sender() {
        ServiceBusClientBuilder.ServiceBusSenderClientBuilder sender = builder.sender();
        return config.entity.subscription() == null
                ? sender.queueName(config.entity.name()).buildAsyncClient()
                : sender.topicName(config.entity.name()).buildAsyncClient();
    }

    /** Whether the client is of this connection, and not closed. */
    boolean has(Object client) {
        return open.containsKey(client);
    }

    void close(Object client) {
        Runnable close = open.remove(client);
        if (close != null) {
            close.run();
        }
    }

    void close() {
        open.keySet().forEach(this::close);
    }
}
