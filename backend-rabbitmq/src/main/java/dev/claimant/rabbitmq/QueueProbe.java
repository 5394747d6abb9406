package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
            inOneBreath(existing(queues));
            return true;
        } catch (IOException | ShutdownSignalException e) {
            if (RabbitMqErrors.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Whether all of them exist and are what is declared here: both in one question. False also where we may not ask. What is missing stays so, since
     * the broker passes over what follows on a channel that it closes.
     *
     * @param queues their arguments by their names
     */
    boolean areAsDeclared(Map<String, Map<String, Object>> queues) throws IOException {
        List<AMQP.Queue.Declare.Builder> declares = existing(queues.keySet());
        declares.addAll(again(queues));
        try {
            inOneBreath(declares);
            return true;
        } catch (IOException | ShutdownSignalException e) {
            if (RabbitMqErrors.isMissing(e) || RabbitMqErrors.isRefused(e)) {
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
        inOneBreath(again(queues));
    }

    private static List<AMQP.Queue.Declare.Builder> existing(Collection<String> queues) {
        List<AMQP.Queue.Declare.Builder> declares = new ArrayList<>();
        for (String queue : queues) {
            declares.add(new AMQP.Queue.Declare.Builder().queue(queue).passive());
        }
        return declares;
    }

    private static List<AMQP.Queue.Declare.Builder> again(Map<String, Map<String, Object>> queues) {
        List<AMQP.Queue.Declare.Builder> declares = new ArrayList<>();
        for (Map.Entry<String, Map<String, Object>> queue : queues.entrySet()) {
            declares.add(new AMQP.Queue.Declare.Builder()
                    .queue(queue.getKey())
                    .durable()
                    .arguments(queue.getValue()));
        }
        return declares;
    }

    private void inOneBreath(List<AMQP.Queue.Declare.Builder> declares) throws IOException {
        Channel open = channel();
        int last = declares.size() - 1;
        for (int i = 0; i < last; i++) {
            open.asyncRpc(declares.get(i).nowait().build());
        }
        open.rpc(declares.get(last).build());
    }
}
