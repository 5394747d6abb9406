package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Sending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A queue on the real broker with all that belongs to it, and hands that reach into it past every source. */
final class TestQueue implements AutoCloseable {

    private static final long CONFIRM_MILLIS = 10_000;

    private final RabbitMqConfig config;
    private Connection connection;
    private Channel channel;
    private boolean brokerStartedAgain;

    /** Declares it. */
    TestQueue(RabbitMqConfig config) {
        this.config = config;
        connection = new Connections(config).open("harness");
        try {
            List<String> problems = Topology.declare(new QueueProbe(connection), config);
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

    /** After the broker was started again. */
    void reconnect() {
        brokerStartedAgain = true;
        connection = new Connections(config).open("harness");
        channel = confirmed(connection);
    }

    String send(Sending message) {
        String id = UUID.randomUUID().toString();
        BasicProperties properties = new BasicProperties.Builder()
                .messageId(id)
                .headers(new HashMap<>(message.headers()))
                .timestamp(Date.from(Instant.now()))
                .deliveryMode(2)
                .build();
        try {
            channel.basicPublish("", config.queue, properties, message.body());
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            return id;
        } catch (IOException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another queue, which no other connection may use; its name. */
    String own() {
        try {
            return channel.queueDeclare("own-" + UUID.randomUUID(), false, true, true, Map.of())
                    .getQueue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As they lie there; they stay. */
    List<DeadMessage> deadLetters() {
        String dead = config.deadLetterQueue;
        List<DeadMessage> found = new ArrayList<>();
        try (Channel reader = connection.createChannel()) {
            for (GetResponse next = reader.basicGet(dead, false); next != null; next = reader.basicGet(dead, false)) {
                Map<String, Object> headers = Messages.headers(next.getProps());
                found.add(new DeadMessage(
                        next.getBody(),
                        String.valueOf(headers.get(Messages.REASON)),
                        next.getProps().getMessageId()));
            }
            return found;
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the queue itself. */
    void delete() {
        delete(config.queue);
    }

    private void delete(String which) {
        try {
            channel.queueDelete(which);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Deletes the queues, unless the broker was started again: a quorum queue of RabbitMQ 3.10 that is deleted while its dead-lettering
     * starts takes down that of the whole node. They are gone with the node.
     */
    @Override
    public void close() {
        if (!brokerStartedAgain) {
            delete();
            delete(Objects.requireNonNull(config.deadLetterQueue));
            Topology.retryQueues(config).forEach(this::delete);
        }
        connection.abort((int) TimeUnit.SECONDS.toMillis(1));
    }
}
