package dev.claimant.servicebusserver;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Microsoft's SDK, unmodified, with what the script needs of it. */
final class Client implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServiceBusClientBuilder builder;
    private final List<AutoCloseable> open = new ArrayList<>();

    Client(String connectionString) {
        builder = new ServiceBusClientBuilder()
                .connectionString(connectionString)
                .retryOptions(new AmqpRetryOptions()
                        .setTryTimeout(Duration.ofSeconds(20))
                        .setMaxRetries(2)
                        .setDelay(Duration.ofMillis(50)));
    }

    <T extends AutoCloseable> T opened(T client) {
        open.add(client);
        return client;
    }

    ServiceBusSenderAsyncClient sender(String queueOrTopic) {
        return opened(builder.sender().queueName(queueOrTopic).buildAsyncClient());
    }

    ServiceBusReceiverAsyncClient receiver(String queue) {
        return opened(builder.receiver()
                .queueName(queue)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient());
    }

    ServiceBusReceiverAsyncClient deleting(String queue) {
        return opened(builder.receiver()
                .queueName(queue)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildAsyncClient());
    }

    ServiceBusReceiverAsyncClient subscription(String topic, String name) {
        return opened(builder.receiver()
                .topicName(topic)
                .subscriptionName(name)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient());
    }

    ServiceBusReceiverAsyncClient deadLetters(String queue) {
        return opened(builder.receiver()
                .queueName(queue)
                .subQueue(SubQueue.DEAD_LETTER_QUEUE)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient());
    }

    ServiceBusSessionReceiverAsyncClient sessions(String queue) {
        return opened(builder.sessionReceiver()
                .queueName(queue)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildAsyncClient());
    }

    void send(String queue, ServiceBusMessage... messages) {
        ServiceBusSenderAsyncClient sender = sender(queue);
        for (ServiceBusMessage message : messages) {
            sender.sendMessage(message).block(PATIENCE);
        }
    }

    void send(String queue, String... bodies) {
        for (String body : bodies) {
            send(queue, new ServiceBusMessage(body));
        }
    }

    /** A link that takes this many messages; more with {@link Link#request}. */
    Link link(ServiceBusReceiverAsyncClient receiver, int credit) {
        return opened(new Link(receiver, credit));
    }

    Link link(String queue) {
        return link(receiver(queue), 1);
    }

    static <T> T got(Mono<T> one) {
        return Objects.requireNonNull(one.block(PATIENCE));
    }

    /** Waits until it is done. */
    static void done(Mono<Void> operation) {
        operation.block(PATIENCE);
    }

    /** A message that is there at this moment, without locking it. */
    static @Nullable ServiceBusReceivedMessage peeked(ServiceBusReceiverAsyncClient receiver) {
        return receiver.peekMessage(0).block(PATIENCE);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable client : open) {
            client.close();
        }
    }
}
