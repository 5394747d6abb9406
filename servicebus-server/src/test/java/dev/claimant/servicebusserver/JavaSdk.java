package dev.claimant.servicebusserver;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.core.util.BinaryData;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Microsoft's SDK for Java. */
final class JavaSdk implements Sdk {

    private final Duration patience;

    JavaSdk(Duration patience) {
        this.patience = patience;
    }

    @Override
    public String name() {
        return "Java";
    }

    @Override
    public SdkClient connect(String connectionString) {
        return new Connected(connectionString);
    }

    /** Waits for it. */
    <T> @Nullable T await(Mono<T> operation) {
        try {
            return operation.block(patience);
        } catch (ServiceBusException e) {
            throw new Refusal(e.getReason().toString(), String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            throw new Refusal("GENERAL_ERROR", String.valueOf(e.getMessage()), e);
        }
    }

    private final class Connected implements SdkClient {

        private final ServiceBusClientBuilder builder;
        private final List<AutoCloseable> open = new ArrayList<>();

        Connected(String connectionString) {
            builder = new ServiceBusClientBuilder()
                    .connectionString(connectionString)
                    .retryOptions(new AmqpRetryOptions()
                            .setTryTimeout(Duration.ofSeconds(20))
                            .setMaxRetries(2)
                            .setDelay(Duration.ofMillis(50)));
        }

        private <T extends AutoCloseable> T opened(T client) {
            open.add(client);
            return client;
        }

        private ServiceBusSenderAsyncClient sender(String entity) {
            return opened(builder.sender().queueName(entity).buildAsyncClient());
        }

        @Override
        public void send(String entity, Outgoing message) {
            await(sender(entity).sendMessage(message(message)));
        }

        @Override
        public void sendBatch(String entity, List<Outgoing> messages) {
            ServiceBusSenderAsyncClient sender = sender(entity);
            ServiceBusMessageBatch batch = Objects.requireNonNull(await(sender.createMessageBatch()));
            for (Outgoing message : messages) {
                if (!batch.tryAddMessage(message(message))) {
                    throw new AssertionError("they do not fit a batch");
                }
            }
            await(sender.sendMessages(batch));
        }

        @Override
        public long schedule(String entity, Outgoing message, Instant at) {
            return Objects.requireNonNull(
                    await(sender(entity).scheduleMessage(message(message), at.atOffset(ZoneOffset.UTC))));
        }

        @Override
        public void cancel(String entity, long sequence) {
            await(sender(entity).cancelScheduledMessage(sequence));
        }

        @Override
        public List<Incoming> peek(String entity, long from, int most) {
            return Objects.requireNonNull(await(receiving(entity, false)
                    .peekMessages(most, from)
                    .map(JavaReceiver::incoming)
                    .collectList()));
        }

        @Override
        public SdkReceiver receiver(String entity) {
            return opened(new JavaReceiver(JavaSdk.this, receiving(entity, false), patience));
        }

        @Override
        public SdkReceiver deleting(String entity) {
            return opened(new JavaReceiver(JavaSdk.this, receiving(entity, true), patience));
        }

        @Override
        public SdkReceiver session(String entity, @Nullable String id) {
            ServiceBusSessionReceiverAsyncClient sessions = opened(builder.sessionReceiver()
                    .queueName(entity)
                    .disableAutoComplete()
                    .maxAutoLockRenewDuration(Duration.ZERO)
                    .buildAsyncClient());
            return opened(new JavaReceiver(
                    JavaSdk.this,
                    Objects.requireNonNull(
                            await(id == null ? sessions.acceptNextSession() : sessions.acceptSession(id))),
                    patience));
        }

        private ServiceBusReceiverAsyncClient receiving(String entity, boolean deletes) {
            var receiver = builder.receiver();
            boolean isDead = entity.endsWith(Entities.DEAD_LETTERS);
            String path = isDead ? entity.substring(0, entity.length() - Entities.DEAD_LETTERS.length()) : entity;
            int topic = path.indexOf(Entities.SUBSCRIPTIONS);
            if (topic < 0) {
                receiver.queueName(path);
            } else {
                receiver.topicName(path.substring(0, topic))
                        .subscriptionName(path.substring(topic + Entities.SUBSCRIPTIONS.length()));
            }
            if (isDead) {
                receiver.subQueue(SubQueue.DEAD_LETTER_QUEUE);
            }
            if (deletes) {
                receiver.receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE);
            } else {
                receiver.disableAutoComplete().maxAutoLockRenewDuration(Duration.ZERO);
            }
            return opened(receiver.buildAsyncClient());
        }

        @Override
        public void close() {
            for (AutoCloseable client : open) {
                try {
                    client.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static ServiceBusMessage message(Outgoing outgoing) {
        ServiceBusMessage message = new ServiceBusMessage(BinaryData.fromBytes(outgoing.body()));
        outgoing.fields().forEach((field, value) -> {
            switch (field) {
                case "messageId" -> message.setMessageId((String) value);
                case "sessionId" -> message.setSessionId((String) value);
                case "correlationId" -> message.setCorrelationId((String) value);
                case "subject" -> message.setSubject((String) value);
                case "contentType" -> message.setContentType((String) value);
                case "replyTo" -> message.setReplyTo((String) value);
                case "to" -> message.setTo((String) value);
                case "timeToLive" -> message.setTimeToLive(Duration.ofMillis((Long) value));
                case "properties" ->
                    ((Map<?, ?>) value)
                            .forEach((name, property) ->
                                    message.getApplicationProperties().put((String) name, property));
                default -> throw new IllegalArgumentException(field);
            }
        });
        return message;
    }
}
