package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies, each confirmed by the broker, on a connection of its own: a broker that is short of memory or disk stops reading from
 * connections that publish, and completions must not wait for that. Connects at the first copy. Thread-safe.
 *
 * @see <a href="https://www.rabbitmq.com/docs/confirms#publisher-confirms">Publisher confirms</a>
 */
final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final Connections connections;

    /** Sends, for the sending may last as long as the broker does not read. */
    private final BrokerThread brokerThread;

    private volatile @Nullable Lane lane;
    private volatile boolean closed;

    Publisher(String name, Connections connections) {
        this.connections = connections;
        brokerThread = new BrokerThread(name);
    }

    /**
     * Sends through the default exchange, once those before it have left.
     *
     * @param stillWanted asked when it is about to leave
     * @return true once the broker has it safe in that queue, false if it has not or cannot be reached
     */
    CompletableFuture<Boolean> publish(
            String queue, BasicProperties properties, byte[] body, BooleanSupplier stillWanted) {
        CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
        brokerThread.later(0, () -> {
            if (stillWanted.getAsBoolean()) {
                send(queue, properties, body, confirmed);
            } else {
                confirmed.complete(false);
            }
        });
        return confirmed;
    }

    private void send(String queue, BasicProperties properties, byte[] body, CompletableFuture<Boolean> confirmed) {
        try {
            lane().publish(queue, properties, body, confirmed);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot send a copy to {}: {}", queue, RabbitMqErrors.describe(e));
            close(lane);
            lane = null;
            confirmed.complete(false);
        }
    }

    private Lane lane() throws IOException {
        Lane current = lane;
        if (current == null || !current.channel.isOpen()) {
            close(current);
            current = opened(connections.open("copies"));
            lane = current;
        }
        if (closed) {
            throw new IOException("closed");
        }
        return current;
    }

    private static Lane opened(Connection connection) throws IOException {
        try {
            return new Lane(connection);
        } catch (IOException | RuntimeException e) {
            Connections.close(connection);
            throw e;
        }
    }

    void close() {
        closed = true;
        brokerThread.close();
        close(lane);
    }

    private static void close(@Nullable Lane lane) {
        if (lane != null) {
            Connections.close(lane.connection);
        }
    }

    private static final class Lane {

        final Connection connection;
        final Channel channel;
        private final ConcurrentNavigableMap<Long, CompletableFuture<Boolean>> unconfirmed =
                new ConcurrentSkipListMap<>();

        Lane(Connection connection) throws IOException {
            this.connection = connection;
            connection.addBlockedListener(
                    reason -> LOG.warn("the broker takes no retries and dead letters for now: {}", reason),
                    () -> LOG.warn("the broker takes retries and dead letters again"));
            channel = Connections.channel(connection);
            channel.addConfirmListener(
                    (number, multiple) -> confirmed(number, multiple, true),
                    (number, multiple) -> confirmed(number, multiple, false));
            channel.addReturnListener(this::returned);
            channel.addShutdownListener(this::ended);
            channel.confirmSelect();
        }

        void publish(String queue, BasicProperties properties, byte[] body, CompletableFuture<Boolean> confirmed)
                throws IOException {
            long number = channel.getNextPublishSeqNo();
            unconfirmed.put(number, confirmed);
            channel.basicPublish("", queue, true, Copies.numbered(properties, number), body);
        }

        private void confirmed(long number, boolean multiple, boolean safe) {
            var those = multiple ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
            those.values().forEach(confirmed -> confirmed.complete(safe));
            those.clear();
        }

        /** The broker sends this before it confirms the same copy, as it does even though the copy went nowhere. */
        private void returned(Return copy) {
            LOG.warn("a copy cannot be kept: there is no queue {} ({})", copy.getRoutingKey(), copy.getReplyText());
            CompletableFuture<Boolean> confirmed = unconfirmed.get(Copies.number(copy.getProperties()));
            if (confirmed != null) {
                confirmed.complete(false);
            }
        }

        private void ended(ShutdownSignalException reason) {
            unconfirmed.values().forEach(confirmed -> confirmed.complete(false));
            unconfirmed.clear();
        }
    }
}
