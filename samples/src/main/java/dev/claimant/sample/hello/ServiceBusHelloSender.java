package dev.claimant.sample.hello;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/** Asks for greetings through Service Bus, in as few batches as they fit into. Where there are sessions, ten have a tenth of them each. */
public final class ServiceBusHelloSender {

    private static final int SESSIONS = 10;

    private ServiceBusHelloSender() {}

    /**
     * Sends {@code Hello 1}, {@code Hello 2} and so on, and returns when Service Bus has them all.
     *
     * @param clients knows the namespace and who sends
     * @param entity a queue or a topic
     * @throws IOException if a batch was not taken; others may have been
     */
    public static void send(
            ServiceBusClientBuilder clients,
            String entity,
            boolean isTopic,
            boolean hasSessions,
            int messages,
            int seconds)
            throws IOException {
        try (ServiceBusSenderClient sender = sender(clients, entity, isTopic)) {
            ServiceBusMessageBatch batch = sender.createMessageBatch();
            for (int i = 1; i <= messages; i++) {
                ServiceBusMessage message = message("Hello " + i, seconds);
                if (hasSessions) {
                    message.setSessionId("session-" + i % SESSIONS);
                }
                if (!batch.tryAddMessage(message)) {
                    sender.sendMessages(batch);
                    batch = sender.createMessageBatch();
                    batch.tryAddMessage(message);
                }
            }
            sender.sendMessages(batch);
        } catch (RuntimeException e) { // the SDK's own, and what it wraps
            throw new IOException("cannot send to '" + entity + "': " + e.getMessage(), e);
        }
    }

    private static ServiceBusSenderClient sender(ServiceBusClientBuilder clients, String entity, boolean isTopic) {
        ServiceBusClientBuilder.ServiceBusSenderClientBuilder sender = clients
                // by default it tells of a namespace that is not there after four minutes
                .retryOptions(new AmqpRetryOptions()
                        .setTryTimeout(Duration.ofSeconds(15))
                        .setMaxRetries(1))
                .sender();
        return (isTopic ? sender.topicName(entity) : sender.queueName(entity)).buildClient();
    }

    private static ServiceBusMessage message(String text, int seconds) {
        ServiceBusMessage message =
                new ServiceBusMessage(text).setMessageId(UUID.randomUUID().toString());
        message.getApplicationProperties().put(HelloSender.SECONDS, Integer.toString(seconds));
        return message;
    }
}
