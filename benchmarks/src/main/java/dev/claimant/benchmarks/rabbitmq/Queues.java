package dev.claimant.benchmarks.rabbitmq;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.rabbitmq.RabbitMqSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The harness's own connection: makes queues, fills them, and counts what is left. */
final class Queues implements AutoCloseable {

    private static final int BODY_BYTES = 200;
    private static final long CONFIRMED_WITHIN_MILLIS = 60_000;
    private static final long GONE_WITHIN_SECONDS = 10;

    private interface Action<T> {
        T run() throws IOException, InterruptedException, TimeoutException;
    }

    private final Connection connection;
    private final Channel channel;

    Queues(String uri) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(uri);
            connection = factory.newConnection();
            channel = connection.createChannel();
            channel.confirmSelect();
        } catch (Exception e) {
            throw new IllegalStateException("cannot connect to the broker", e);
        }
    }

    QueueContender.Queue of(Target target) {
        return new QueueContender.Queue() {
            @Override
            public Map<String, String> environment() {
                return target.environment();
            }

            @Override
            public int noopMessages() {
                return target.isQuorum() ? 400_000 : 300_000;
            }

            @Override
            public void fill(int messages) {
                Queues.this.fill(target, messages);
            }

            @Override
            public void send(int number) {
                Queues.this.send(target, number);
            }

            @Override
            public long left() {
                return Queues.this.left(target);
            }
        };
    }

    String version() {
        Map<String, Object> broker = connection.getServerProperties();
        return String.valueOf(broker.get("version"));
    }

    /** A new queue, made as Claimant makes it, that holds persistent messages with the numbers from 0. */
    private void fill(Target target, int messages) {
        perform(() -> {
            channel.queueDelete(target.queue());
            RabbitMqSource.declare(ClaimantProgram.config(target));
            for (int number = 0; number < messages; number++) {
                publish(target, number);
            }
            channel.waitForConfirmsOrDie(CONFIRMED_WITHIN_MILLIS);
            return messages;
        });
    }

    /** Puts in one more; does not wait for the broker's word that it is kept, which comes when the message may be handled already. */
    private void send(Target target, int number) {
        perform(() -> {
            publish(target, number);
            return number;
        });
    }

    private void publish(Target target, int number) throws IOException {
        byte[] body = ByteBuffer.allocate(BODY_BYTES).putInt(number).array();
        channel.basicPublish("", target.queue(), MessageProperties.PERSISTENT_BASIC, body);
    }

    /** How many the queue holds after its consumers have gone: what they did not complete has come back then. */
    private long left(Target target) {
        return perform(() -> {
            channel.waitForConfirmsOrDie(CONFIRMED_WITHIN_MILLIS);
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(GONE_WITHIN_SECONDS);
            DeclareOk queue = channel.queueDeclarePassive(target.queue());
            while (queue.getConsumerCount() > 0) {
                if (System.nanoTime() > giveUp) {
                    throw new IllegalStateException(target.queue() + " still has consumers");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                queue = channel.queueDeclarePassive(target.queue());
            }
            return queue.getMessageCount();
        });
    }

    private static <T> T perform(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        connection.abort();
    }
}
