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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

    /** A message that is given up and finds no dead-letter queue comes back after one. */
    private static final int FORGOTTEN_AFTER_MINUTES = 5;

    private final Connections connections;

    /** Sends, for the sending may last as long as the broker does not read. */
    private final BrokerThread brokerThread;

    private final RefusingQueues refusing = new RefusingQueues(TimeUnit.MINUTES.toNanos(FORGOTTEN_AFTER_MINUTES));

    private volatile @Nullable Lane lane;
    private volatile boolean closed;

    Publisher(String name, Connections connections) {
        this.connections = connections;
        brokerThread = new BrokerThread(name);
    }

    /** Before the first copy: told of queues that refuse copies, and of nothing once none does. */
    void open(Consumer<@Nullable String> impaired) {
        refusing.tell(impaired);
    }

    private void lookAgainLater() {
        brokerThread.later(TimeUnit.MINUTES.toMillis(1), () -> {
            if (refusing.forgetOld()) {
                lookAgainLater();
            }
        });
    }

    /**
     * Sends through the default exchange, once those before it have left.
     *
     * @param stillWanted asked when it is about to leave
     * @return what became of it, once that is known
     */
    CompletableFuture<CopyFate> publish(
            String queue, BasicProperties properties, byte[] body, BooleanSupplier stillWanted) {
        CompletableFuture<CopyFate> confirmed = new CompletableFuture<>();
        brokerThread.later(0, () -> {
            if (stillWanted.getAsBoolean()) {
                send(queue, properties, body, confirmed);
            } else {
                confirmed.complete(CopyFate.FAILED);
            }
        });
        return confirmed;
    }

    private void send(String queue, BasicProperties properties, byte[] body, CompletableFuture<CopyFate> confirmed) {
        try {
            lane().publish(queue, properties, body, confirmed);
        } catch (IllegalArgumentException e) {
            LOG.warn("a copy cannot be sent to {}: {}", queue, e.getMessage());
            confirmed.complete(CopyFate.UNSENDABLE);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot send a copy to {}: {}", queue, RabbitMqErrors.describe(e));
            close(lane);
            lane = null;
            confirmed.complete(CopyFate.FAILED);
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

    private Lane opened(Connection connection) throws IOException {
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

    private final class Lane {

        final Connection connection;
        final Channel channel;
        private final ConcurrentNavigableMap<Long, Pending> unconfirmed = new ConcurrentSkipListMap<>();

        Lane(Connection connection) throws IOException {
            this.connection = connection;
            connection.addBlockedListener(
                    reason -> LOG.warn("the broker takes no retries and dead letters for now: {}", reason),
                    () -> LOG.warn("the broker takes retries and dead letters again"));
            channel = Connections.channel(connection);
            channel.addConfirmListener(
                    (number, multiple) -> confirmed(number, multiple, CopyFate.SAFE),
                    (number, multiple) -> confirmed(number, multiple, CopyFate.REFUSED));
            channel.addReturnListener(this::returned);
            channel.addShutdownListener(this::ended);
            channel.confirmSelect();
        }

        void publish(String queue, BasicProperties properties, byte[] body, CompletableFuture<CopyFate> confirmed)
                throws IOException {
            long number = channel.getNextPublishSeqNo();
            unconfirmed.put(number, new Pending(queue, confirmed));
            try {
                channel.basicPublish("", queue, true, Copies.numbered(properties, number), body);
            } catch (IllegalArgumentException e) {
                unconfirmed.remove(number); // the client has sent nothing
                throw e;
            }
        }

        private void confirmed(long number, boolean multiple, CopyFate fate) {
            var those = multiple ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
            those.values().forEach(pending -> become(pending, fate));
            those.clear();
        }

        /** The broker sends this before it confirms the same copy, as it does even though the copy went nowhere. */
        private void returned(Return copy) {
            Pending pending = unconfirmed.get(Copies.number(copy.getProperties()));
            if (pending != null) {
                become(pending, CopyFate.REFUSED);
            }
        }

        private void ended(ShutdownSignalException reason) {
            unconfirmed.values().forEach(pending -> pending.fate().complete(CopyFate.FAILED));
            unconfirmed.clear();
        }
    }

    private void become(Pending pending, CopyFate fate) {
        if (!pending.fate().complete(fate)) {
            return; // it was returned before it was confirmed
        }
        if (fate == CopyFate.REFUSED) {
            if (refusing.refused(pending.queue())) {
                lookAgainLater();
            }
        } else if (fate == CopyFate.SAFE) {
            refusing.accepted(pending.queue());
        }
    }

    private record Pending(String queue, CompletableFuture<CopyFate> fate) {}
}
