package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether queues exist, all in one breath: a worker that starts waits for each answer. The broker says nothing of a queue that is
 * there, and closes the channel where one is not. Used by one thread.
 *
 * @see <a href="https://www.rabbitmq.com/amqp-0-9-1-reference#queue.declare.no-wait">no-wait</a>
 */
final class QueueProbe {

    private final Connection connection;
    private @Nullable Channel channel;

    QueueProbe(Connection connection) {
        this.connection = connection;
    }

    /** An open channel, the same for as long as the broker does not close it. */
    Channel channel() throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            open = Connections.channel(connection);
            channel = open;
        }
        return open;
    }

    /** Whether all of them exist; the last is waited for. */
    boolean areThere(List<String> queues) throws IOException {
        Channel open = channel();
        try {
            int last = queues.size() - 1;
            for (String queue : queues.subList(0, last)) {
                open.asyncRpc(new AMQP.Queue.Declare.Builder()
                        .queue(queue)
                        .passive()
                        .nowait()
                        .build());
            }
            open.queueDeclarePassive(queues.get(last));
            return true;
        } catch (IOException | ShutdownSignalException e) {
            if (RabbitMqErrors.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }
}
