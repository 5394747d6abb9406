package dev.claimant.servicebus;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.core.amqp.models.AmqpMessageBodyType;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusMessageState;
import com.azure.messaging.servicebus.models.SubQueue;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What tests do with an entity past the library, by the SDK. */
final class Hands implements AutoCloseable {

    /** Of a message in a queue that is to be empty. */
    private static final Duration LONGEST_LOCK = Duration.ofSeconds(10);

    private final ServiceBusClientBuilder clients;
    private final String entity;
    private final @Nullable String subscription;
    private final boolean hasSessions;
    private @Nullable ServiceBusSenderAsyncClient sender;
    private @Nullable ServiceBusReceiverAsyncClient looker;
    private long lastSequence;

    /** @param entity a queue, or, with a subscription, a topic */
    Hands(String connectionString, String entity, @Nullable String subscription, boolean hasSessions) {
        clients = new ServiceBusClientBuilder().connectionString(connectionString);
        this.entity = entity;
        this.subscription = subscription;
        this.hasSessions = hasSessions;
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

    /** A body that is neither bytes nor text. */
    String sendSequence() {
        ServiceBusMessage message = new ServiceBusMessage(AmqpMessageBody.fromSequence(List.of("a", 1)));
        return send(hasSessions ? message.setSessionId("a sequence") : message);
    }

    synchronized String send(ServiceBusMessage message) {
        if (sender == null) {
            sender = subscription == null
                    ? clients.sender().queueName(entity).buildAsyncClient()
                    : clients.sender().topicName(entity).buildAsyncClient();
            looker = receiver(null);
        }
        sender.sendMessage(message).block(TestEntity.PATIENCE);
        lastSequence = Objects.requireNonNull(Objects.requireNonNull(looker)
                        .peekMessages(1, lastSequence + 1)
                        .blockFirst(TestEntity.PATIENCE))
                .getSequenceNumber();
        return Long.toString(lastSequence);
    }

    void sendAll(List<ServiceBusMessage> messages) {
        ServiceBusSenderAsyncClient all = clients.sender().queueName(entity).buildAsyncClient();
        for (int from = 0; from < messages.size(); from += 500) {
            all.sendMessages(messages.subList(from, Math.min(messages.size(), from + 500)))
                    .block(TestEntity.PATIENCE);
        }
        all.close();
    }

    List<DeadMessage> deadLetters() {
        List<DeadMessage> dead = new ArrayList<>();
        ServiceBusReceiverAsyncClient receiver = receiver(SubQueue.DEAD_LETTER_QUEUE);
        try {
            for (ServiceBusReceivedMessage message : Objects.requireNonNull(
                    receiver.peekMessages(250, 0).collectList().block(TestEntity.PATIENCE))) {
                dead.add(new DeadMessage(
                        bytesOf(message), String.valueOf(message.getDeadLetterReason()), message.getMessageId()));
            }
        } finally {
            receiver.close();
        }
        return dead;
    }

    /** The SDK has none of a body that is a sequence. */
    private static byte[] bytesOf(ServiceBusReceivedMessage message) {
        boolean isData = message.getRawAmqpMessage().getBody().getBodyType() == AmqpMessageBodyType.DATA;
        return isData ? message.getBody().toBytes() : new byte[0];
    }

    /** How many can be delivered or are locked; of 250 at most. */
    long active() {
        ServiceBusReceiverAsyncClient receiver = receiver(null);
        try {
            return Objects.requireNonNull(receiver.peekMessages(250, 0)
                    .filter(message -> message.getState() == ServiceBusMessageState.ACTIVE)
                    .count()
                    .block(TestEntity.PATIENCE));
        } finally {
            receiver.close();
        }
    }

    /** Deletes what is there, dead letters too; waits for what is locked. */
    void empty() {
        empty(null);
        empty(SubQueue.DEAD_LETTER_QUEUE);
    }

    private void empty(@Nullable SubQueue subQueue) {
        ServiceBusReceiverAsyncClient receiver = receiver(subQueue);
        try {
            while (Boolean.TRUE.equals(receiver.peekMessages(1, 0).hasElements().block(TestEntity.PATIENCE))) {
                receiver.receiveMessages() // whose link ends with the first one, which must be gone by then
                        .concatMap(message -> receiver.complete(message).thenReturn(message), 1)
                        .timeout(LONGEST_LOCK, Flux.empty()) // what was seen may have been settled meanwhile
                        .blockFirst(TestEntity.PATIENCE);
            }
        } finally {
            receiver.close();
        }
    }

    private ServiceBusReceiverAsyncClient receiver(@Nullable SubQueue subQueue) {
        var receiver = clients.receiver().disableAutoComplete();
        if (subscription == null) {
            receiver.queueName(entity);
        } else {
            receiver.topicName(entity).subscriptionName(subscription);
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
    }
}
