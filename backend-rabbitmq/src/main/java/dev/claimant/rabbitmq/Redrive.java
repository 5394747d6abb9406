package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends dead letters to their queue again, and removes each once the broker has the copy safe. Used by one thread. */
final class Redrive implements AutoCloseable {

    private final RabbitMqConfig config;
    private final DeadQueue dead;
    private final Channel channel;
    private final int frameMax;
    private final List<DeadQueue.Taken> unconfirmed = new ArrayList<>();
    private final AtomicReference<@Nullable String> returned = new AtomicReference<>();
    private int count;

    Redrive(Connection connection, RabbitMqConfig config, DeadQueue dead) throws IOException {
        this.config = config;
        this.dead = dead;
        channel = Connections.channel(connection);
        channel.addReturnListener(copy -> returned.set(copy.getReplyText()));
        channel.confirmSelect();
        frameMax = connection.getFrameMax();
    }

    void send(DeadQueue.Taken one) throws IOException, InterruptedException, TimeoutException {
        channel.basicPublish(
                "",
                config.queue,
                true,
                Copies.redriven(
                        one.message().getProps(),
                        one.message().getEnvelope(),
                        one.letter().id(),
                        frameMax),
                one.message().getBody());
        unconfirmed.add(one);
        if (unconfirmed.size() == DeadQueue.BATCH) {
            finish();
        }
    }

    /** Returns when all that were sent have left the dead letters. */
    void finish() throws IOException, InterruptedException, TimeoutException {
        if (!channel.waitForConfirms(config.requestTimeout.toMillis())) {
            throw new IOException("the queue " + config.queue + " refuses messages");
        }
        if (returned.get() != null) {
            throw new IOException("there is no queue " + config.queue + " (" + returned.get() + ")");
        }
        dead.remove(unconfirmed);
        count += unconfirmed.size();
        unconfirmed.clear();
    }

    int count() {
        return count;
    }

    @Override
    public void close() throws IOException, TimeoutException {
        if (channel.isOpen()) {
            channel.close();
        }
    }
}
