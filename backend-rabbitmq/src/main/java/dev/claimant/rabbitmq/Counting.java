package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the backlog as KEDA's scaler does: through the management API everything in the queue, through the broker alone only what is
 * ready. Thread-safe.
 */
final class Counting {

    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    private final RabbitMqConfig config;
    private final Connections connections;
    private final @Nullable Management management;
    private @Nullable Connection connection;
    private boolean closed;

    Counting(RabbitMqConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
        management = config.management == null ? null : new Management(config, config.management);
    }

    synchronized Backlog backlog() {
        if (management != null) {
            return management.backlog();
        }
        if (closed) {
            throw new SourceException("cannot count " + config.queue + ": the source is closed", null);
        }
        try {
            return countReady();
        } catch (IOException | ShutdownSignalException e) {
            disconnect();
            throw RabbitMqErrors.failed("count", config.queue, e);
        }
    }

    /** What can be seen of the queue through the management API, or little without. */
    Inspection inspect(Broker broker) {
        if (management == null && broker.limitsDeliveries()) {
            LOG.warn(
                    "this broker gives a message up after some deliveries; without management() nobody can see whether '{}' keeps it then",
                    config.queue);
        }
        return new Inspection(config, broker, management == null ? "" : management.description());
    }

    private Backlog countReady() throws IOException {
        Connection current = connection;
        if (current == null || !current.isOpen()) {
            current = connections.open("backlog");
            connection = current;
        }
        long ready = ready(current, config.queue);
        long delayed = 0;
        for (String queue : Topology.retryQueues(config)) {
            delayed += ready(current, queue);
        }
        String dead = config.deadLetterQueue;
        return new Backlog(
                ready,
                OptionalLong.of(ready),
                OptionalLong.empty(),
                OptionalLong.of(delayed),
                dead == null ? OptionalLong.empty() : OptionalLong.of(ready(current, dead)),
                false);
    }

    private static long ready(Connection connection, String queue) throws IOException {
        Channel channel = Connections.channel(connection);
        try {
            return channel.queueDeclarePassive(queue).getMessageCount();
        } finally {
            channel.abort();
        }
    }

    /** Whoever counts on, as the gauges of an application may, opens no connection again. */
    synchronized void close() {
        closed = true;
        disconnect();
    }

    private void disconnect() {
        if (connection != null) {
            Connections.close(connection);
            connection = null;
        }
    }
}
