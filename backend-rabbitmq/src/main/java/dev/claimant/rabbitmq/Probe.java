package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether queues exist: on one channel, for a worker that starts waits for each answer, until the broker answers by closing it, as
 * it does where a queue is missing. Used by one thread.
 */
final class Probe implements AutoCloseable {

    private final Connection connection;
    private @Nullable Channel channel;

    Probe(Connection connection) {
        this.connection = connection;
    }

    boolean isThere(String queue) throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            open = Connections.channel(connection);
            channel = open;
        }
        try {
            open.queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            if (RabbitMqErrors.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.abort();
        }
    }
}
