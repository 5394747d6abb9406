package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts the backlog as KEDA's scaler does: through the management API everything in the queue, through the broker alone only what is
 * ready. Thread-safe.
 */
final class BacklogQuery {

    private final RabbitMqConfig config;
    private final Connections connections;
    private final @Nullable ManagementClient management;
    private @Nullable Channel channel;
    private boolean closed;

    BacklogQuery(RabbitMqConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
        management = config.access.management == null ? null : new ManagementClient(config, config.access.management);
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

    /** The management API, where the settings name one. */
    @Nullable ManagementClient management() {
        return management;
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

    /** A count after this, as the gauges of an application may ask for, opens no connection again. */
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
