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
    private @Nullable Lane lane;
    private boolean closed;

    Publisher(Connections connections) {
        this.connections = connections;
    }

    /**
     * Sends through the default exchange.
     *
     * @return true once the broker has it safe in that queue, false if it has not or cannot be reached
     */
    synchronized CompletableFuture<Boolean> publish(String queue, BasicProperties properties, byte[] body) {
        try {
            return lane().publish(queue, properties, body);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot send a copy to {}: {}", queue, RabbitMqErrors.describe(e));
            close(lane);
            lane = null;
            return CompletableFuture.completedFuture(false);
        }
    }

    private Lane lane() throws IOException {
        Lane current = lane;
        if (closed) {
            throw new IOException("closed");
        }
        if (current == null || !current.channel.isOpen()) {
            close(current);
            current = new Lane(connections.open("copies"));
            lane = current;
        }
        return current;
    }

    synchronized void close() {
        closed = true;
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

        CompletableFuture<Boolean> publish(String queue, BasicProperties properties, byte[] body) throws IOException {
            CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
            long number = channel.getNextPublishSeqNo();
            unconfirmed.put(number, confirmed);
            channel.basicPublish("", queue, true, Copies.numbered(properties, number), body);
            return confirmed;
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
