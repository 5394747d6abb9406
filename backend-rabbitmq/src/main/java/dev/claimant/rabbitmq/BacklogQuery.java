package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
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
final class BacklogQuery {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogQuery.class);

    private final RabbitMqConfig config;
    private final Connections connections;
    private final @Nullable ManagementClient management;
    private @Nullable Channel channel;
    private boolean closed;

    BacklogQuery(RabbitMqConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
        management = config.management == null ? null : new ManagementClient(config, config.management);
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
    QueueInspection inspect(Broker broker) {
        if (management == null && broker.limitsDeliveries()) {
            LOG.warn(
                    "this broker gives a message up after some deliveries; without management() nobody can see whether '{}' keeps it then",
                    config.queue);
        }
        return new QueueInspection(config, broker, management == null ? "" : management.description());
    }

    private Backlog countReady() throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            disconnect();
            open = Connections.channel(connections.open("backlog"));
            channel = open;
        }
        long ready = open.messageCount(config.queue);
        long delayed = 0;
        for (String queue : Topology.retryQueues(config)) {
            delayed += open.messageCount(queue);
        }
        String dead = config.deadLetterQueue;
        return new Backlog(
                ready,
                OptionalLong.of(ready),
                OptionalLong.empty(),
                OptionalLong.of(delayed),
                dead == null ? OptionalLong.empty() : OptionalLong.of(open.messageCount(dead)),
                false);
    }

    /** Whoever counts on, as the gauges of an application may, opens no connection again. */
    synchronized void close() {
        closed = true;
        disconnect();
    }

    private void disconnect() {
        if (channel != null) {
            Connections.close(channel.getConnection());
            channel = null;
        }
    }
}
