package dev.claimant.benchmarks.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.claimant.benchmarks.harness.Duty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Handlers of no length run on the client's thread, others on a pool; this many messages without a gap are acknowledged at once. */
final class RawConsumer extends DefaultConsumer {

    private final Channel channel;
    private final Duty duty;
    private final int messagesPerAck;
    private final @Nullable ExecutorService pool;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final PriorityQueue<Long> behindGap = new PriorityQueue<>();
    private long handled;
    private long acknowledged;

    RawConsumer(Channel channel, Duty duty, int messagesPerAck) {
        super(channel);
        this.channel = channel;
        this.duty = duty;
        this.messagesPerAck = messagesPerAck;
        pool = duty.takesTime() ? Executors.newFixedThreadPool(duty.slots()) : null;
    }

    @Override
    public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
            throws IOException {
        long tag = envelope.getDeliveryTag();
        int number = ByteBuffer.wrap(body).getInt();
        if (pool != null) {
            pool.execute(() -> handleAside(tag, number));
        } else if (handle(number)) {
            handled = tag;
            acknowledge(messagesPerAck);
        }
    }

    private boolean handle(int number) {
        try {
            duty.handle(number);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void handleAside(long tag, int number) {
        if (handle(number)) {
            try {
                handledAside(tag);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private synchronized void handledAside(Long tag) throws IOException {
        behindGap.add(tag);
        for (Long next = behindGap.peek(); next != null && next == handled + 1; next = behindGap.peek()) {
            handled = behindGap.remove();
        }
        acknowledge(messagesPerAck);
    }

    private void acknowledge(int atLeast) throws IOException {
        if (handled - acknowledged >= atLeast) {
            channel.basicAck(handled, true);
            acknowledged = handled;
        }
    }

    @Override
    public void handleCancelOk(String consumerTag) {
        cancelled.countDown();
    }

    /** After the consumer was cancelled: acknowledges what is left. */
    void finish() throws IOException, InterruptedException {
        cancelled.await();
        if (pool != null) {
            pool.shutdown();
            pool.awaitTermination(1, TimeUnit.MINUTES);
        }
        acknowledge(1);
    }
}
