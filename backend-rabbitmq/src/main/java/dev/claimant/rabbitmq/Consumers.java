package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns demand into credit. A consumer's prefetch cannot be changed, and the one that can, the channel's, is refused by RabbitMQ 4.3. So
 * credit grows by one more consumer on the channel and shrinks by the cancellation of some; what they delivered stays ours.
 *
 * <p>Where order is kept, credit is one and stays: a consumer that is cancelled loses its place to another, while messages that it was
 * given are still in work.
 *
 * <p>In the steady state nothing changes: a settlement frees as much credit at the broker as it frees room in the worker.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consumer-prefetch">Consumer prefetch</a>
 */
final class Consumers {

    private static final int MOST_PREFETCH = 65_535;
    private static final long CANCELLED_WITHIN_SECONDS = 5;

    private final Channel channel;
    private final String queue;
    private final Subscription subscription;
    private final Arrivals arrivals;
    private final boolean inOrder;

    /** Where order is kept, it is that of the whole queue. */
    private final @Nullable String orderingKey;

    /** Held while the broker is asked for something, never by the thread that brings deliveries. */
    private final ReentrantLock asking = new ReentrantLock();

    private final List<Consumer> consumers = new ArrayList<>();
    private boolean stopped;

    Consumers(Channel channel, RabbitMqConfig config, Subscription subscription, Arrivals arrivals) {
        this.channel = channel;
        queue = config.queue;
        inOrder = config.inOrder;
        orderingKey = inOrder ? queue : null;
        this.subscription = subscription;
        this.arrivals = arrivals;
    }

    /** How many messages the broker may push now. Needs the subscription's lock. */
    int free() {
        int free = 0;
        for (Consumer consumer : consumers) {
            free += consumer.credit.free();
        }
        return free;
    }

    /** Whether nothing can come before more credit is given. Needs the subscription's lock. */
    boolean areStarving() {
        return !inOrder && free() == 0;
    }

    /** Needs the subscription's lock. */
    boolean areNone() {
        return consumers.isEmpty();
    }

    /**
     * No more credit than this demand, what waits already included; and more of it where the demand is so much larger that the worker
     * would starve. In between, credit stays as it is, or it would change with every call.
     */
    void limit(int demand) throws IOException {
        shrinkTo(() -> demand);
        if (locked(() -> isFarTooLittleFor(demand))) {
            add(locked(() -> missing(demand)));
        }
    }

    /** Whether the broker may push more than this demand. Needs the subscription's lock. */
    boolean isTooMuchFor(int demand) {
        return missing(demand) < 0 && free() > 0;
    }

    /** Whether the worker would starve. Needs the subscription's lock. */
    boolean isFarTooLittleFor(int demand) {
        return missing(demand) > (consumers.isEmpty() ? 0 : subscription.unsettled() + free());
    }

    /** No more credit than this, what waits already included; asked anew before each step, under the subscription's lock. */
    void shrinkTo(IntSupplier demand) throws IOException {
        while (locked(() -> missing(demand.getAsInt())) < 0 && cancelSmallest(consumer -> consumer.credit.free() > 0)) {
            // one at a time
        }
    }

    /** All the credit that this demand allows. */
    void grow(int demand) throws IOException {
        add(locked(() -> missing(demand)));
    }

    /** Needs the subscription's lock. */
    private int missing(int demand) {
        if (inOrder) {
            return consumers.isEmpty() ? 1 : 0;
        }
        return demand - arrivals.size() - free();
    }

    /** No more credit at all; returns when the last message has come. */
    void cancel() throws IOException {
        while (!inOrder && cancelSmallest(consumer -> true)) {
            // one at a time
        }
    }

    /** Nothing is ever consumed again. */
    void stop() throws IOException {
        asking.lock();
        try {
            stopped = true;
        } finally {
            asking.unlock();
        }
        cancel();
    }

    private void add(int prefetch) throws IOException {
        asking.lock();
        try {
            if (prefetch <= 0 || stopped) {
                return;
            }
            int granted = Math.min(prefetch, MOST_PREFETCH);
            Consumer consumer = new Consumer(new Credit(granted));
            channel.basicQos(granted, false);
            locked(() -> consumers.add(consumer));
            consumer.tag = channel.basicConsume(queue, false, consumer);
        } finally {
            asking.unlock();
        }
    }

    private boolean cancelSmallest(Predicate<Consumer> condition) throws IOException {
        asking.lock();
        try {
            Consumer smallest = locked(() -> consumers.stream()
                    .filter(condition)
                    .min(Comparator.comparingInt(consumer -> consumer.credit.granted))
                    .orElse(null));
            if (smallest == null) {
                return false;
            }
            channel.basicCancel(smallest.tag);
            smallest.awaitLast();
            locked(() -> {
                arrivals.wake(); // whoever began to wait meanwhile may wait for what cannot come any more
                return consumers.remove(smallest);
            });
            return true;
        } finally {
            asking.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        subscription.lock().lock();
        try {
            return action.get();
        } finally {
            subscription.lock().unlock();
        }
    }

    private final class Consumer extends DefaultConsumer {

        final Credit credit;

        /** The client's own copy of it is set later. */
        String tag = "";

        private final CountDownLatch last = new CountDownLatch(1);

        Consumer(Credit credit) {
            super(channel);
            this.credit = credit;
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            subscription.delivered(Deliveries.claim(subscription, credit, orderingKey, envelope, properties, body));
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

        void awaitLast() throws IOException {
            try {
                if (!last.await(CANCELLED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("deliveries went on after the consumer was cancelled");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
