package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
        try {
            inOneBreath(
                    queues,
                    queue -> new AMQP.Queue.Declare.Builder().queue(queue).passive());
            return true;
        } catch (IOException | ShutdownSignalException e) {
            if (RabbitMqErrors.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Declares queues that exist once more, which fails if one of them is not what is declared.
     *
     * @param queues their arguments by their names
     */
    void declareAgain(Map<String, Map<String, Object>> queues) throws IOException {
        inOneBreath(
                List.copyOf(queues.keySet()),
                queue -> new AMQP.Queue.Declare.Builder().queue(queue).durable().arguments(queues.get(queue)));
    }

    private void inOneBreath(List<String> queues, Function<String, AMQP.Queue.Declare.Builder> declare)
            throws IOException {
        Channel open = channel();
        int last = queues.size() - 1;
        for (String queue : queues.subList(0, last)) {
            open.asyncRpc(declare.apply(queue).nowait().build());
        }
        open.rpc(declare.apply(queues.get(last)).build());
    }
}
