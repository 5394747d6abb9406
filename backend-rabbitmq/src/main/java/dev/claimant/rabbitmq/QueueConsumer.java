package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One consumer on the channel: hands what comes to its subscription, and knows when the last message has come. */
final class QueueConsumer extends DefaultConsumer {

    private static final long CANCELLED_WITHIN_SECONDS = 5;

    final Credit credit;

    private final Subscription subscription;
    private final @Nullable String orderingKey;
    private final CountDownLatch last = new CountDownLatch(1);

    /** The client's own copy of it is set later. */
    private String tag = "";

    QueueConsumer(Channel channel, Subscription subscription, Credit credit, @Nullable String orderingKey) {
        super(channel);
        this.subscription = subscription;
        this.credit = credit;
        this.orderingKey = orderingKey;
    }

    void begin(String queue) throws IOException {
        getChannel().basicQos(credit.granted, false);
        tag = getChannel().basicConsume(queue, false, this);
    }

    /** Returns when the last message has come. The broker may have cancelled it already: the client knows it no more then. */
    void cancel() throws IOException {
        try {
            getChannel().basicCancel(tag);
        } catch (IOException e) {
            if (!getChannel().isOpen()) {
                throw e;
            }
        }
        try {
            if (!last.await(CANCELLED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("deliveries went on after the consumer was cancelled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
        RabbitMqClaim claim = Messages.claim(subscription, credit, orderingKey, envelope, properties, body);
        if (BodyLimit.leftOut(properties) < 0) {
            subscription.delivered(claim);
        } else {
            subscription.deliveredWithoutItsBody(claim);
        }
    }

    /** The client brings this after all deliveries that came before it. */
    @Override
    public void handleCancelOk(String tag) {
        last.countDown();
    }

    @Override
    public void handleCancel(String tag) {
        last.countDown();
        subscription.cancelledByBroker();
    }
}
