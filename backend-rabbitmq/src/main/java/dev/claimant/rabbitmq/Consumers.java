package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Turns demand into credit. A consumer's prefetch cannot be changed, and the one that can, the channel's, is refused by RabbitMQ 4.3. So
 * credit grows by one more consumer on the channel and shrinks by the cancellation of some; what they delivered stays ours.
 *
 * <p>Where order is kept, credit is one and stays: a consumer that is cancelled loses its place to another, while messages that it was
 * given are still in work.
 *
 * <p>In the steady state nothing changes: a settlement frees as much credit at the broker as it frees room in the worker. Thread-safe.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consumer-prefetch">Consumer prefetch</a>
 */
final class Consumers {

    private static final int MOST_PREFETCH = 65_535;

    private final Channel channel;
    private final String queue;
    private final Subscription subscription;
    private final DeliveryBuffer buffer;
    private final boolean inOrder;

    /** The first one stays, with a credit of one: the broker may delete the queue with its last consumer. */
    private final boolean keepsFirst;

    /** Where order is kept, it is that of the whole queue. */
    private final @Nullable String orderingKey;

    /** Held while the broker is asked for something, never by the thread that brings deliveries. */
    private final ReentrantLock asking = new ReentrantLock();

    /** The subscription's. */
    private final ReentrantLock lock;

    private final List<QueueConsumer> consumers = new ArrayList<>();
    private int wanted;
    private boolean stopped;

    Consumers(
            Channel channel,
            RabbitMqConfig config,
            Subscription subscription,
            DeliveryBuffer buffer,
            boolean keepsFirst) {
        this.keepsFirst = keepsFirst;
        this.channel = channel;
        queue = config.queue;
        inOrder = config.inOrder;
        orderingKey = inOrder ? queue : null;
        this.subscription = subscription;
        lock = subscription.lock();
        this.buffer = buffer;
    }

    // ---- with the subscription's lock held

    /** How many messages there may be with us that nobody has claimed: what waits and what the broker may push. */
    void want(int messages) {
        wanted = messages;
    }

    /** How many messages the broker may push now. */
    int free() {
        int free = 0;
        for (QueueConsumer consumer : consumers) {
            free += consumer.credit.free();
        }
        return free;
    }

    boolean areNone() {
        return consumers.isEmpty();
    }

    /** Whether nothing can come before more credit is given. */
    boolean areStarving() {
        return !inOrder && free() == 0;
    }

    /** How many messages more than wanted the broker may push; not positive if none. */
    int surplus() {
        return Math.min(-missing(), free());
    }

    /** Whether the worker would starve. */
    boolean areFarTooLittle() {
        return missing() > (consumers.isEmpty() ? 0 : subscription.credit());
    }

    private int missing() {
        if (inOrder) {
            return consumers.isEmpty() ? 1 : 0;
        }
        return wanted - buffer.size() - free();
    }

    // ---- without it, since they wait for the broker

    /**
     * No more credit than is wanted; and more of it where so much more is wanted that the worker would starve. In between, credit stays
     * as it is, or it would change with every claim.
     */
    void limit() throws IOException {
        shrink();
        boolean starves;
        lock.lock();
        try {
            starves = areFarTooLittle();
        } finally {
            lock.unlock();
        }
        if (starves) {
            grow();
        }
    }

    /** All the credit that is wanted. */
    void grow() throws IOException {
        asking.lock();
        try {
            for (QueueConsumer next = next(); next != null; next = next()) {
                next.begin(queue);
            }
        } finally {
            asking.unlock();
        }
    }

    private @Nullable QueueConsumer next() {
        lock.lock();
        try {
            int missing = Math.min(missing(), MOST_PREFETCH);
            if (stopped || missing <= 0) {
                return null;
            }
            int credit = keepsFirst && consumers.isEmpty() ? 1 : missing;
            QueueConsumer next = new QueueConsumer(channel, subscription, new Credit(credit), orderingKey);
            consumers.add(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** No more credit than is wanted, which may change meanwhile. */
    void shrink() throws IOException {
        while (cancelSmallest(true)) {
            // one at a time
        }
    }

    /** No more credit at all, but where order is kept; returns when the last message has come. */
    void cancel() throws IOException {
        while (!inOrder && cancelSmallest(false)) {
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

    /** False if there is none, or nothing left to withdraw. */
    private boolean cancelSmallest(boolean onlySurplus) throws IOException {
        asking.lock();
        try {
            QueueConsumer smallest = smallest(onlySurplus);
            if (smallest == null) {
                return false;
            }
            smallest.cancel();
            forget(smallest);
            return true;
        } finally {
            asking.unlock();
        }
    }

    private @Nullable QueueConsumer smallest(boolean onlySurplus) {
        lock.lock();
        try {
            QueueConsumer smallest = null;
            if (onlySurplus && missing() >= 0) {
                return null;
            }
            for (QueueConsumer consumer :
                    consumers.subList(keepsFirst && !consumers.isEmpty() ? 1 : 0, consumers.size())) {
                if ((!onlySurplus || consumer.credit.free() > 0)
                        && (smallest == null || consumer.credit.granted < smallest.credit.granted)) {
                    smallest = consumer;
                }
            }
            return smallest;
        } finally {
            lock.unlock();
        }
    }

    private void forget(QueueConsumer consumer) {
        lock.lock();
        try {
            consumers.remove(consumer);
            buffer.wake(); // a claim that began to wait meanwhile may wait for what cannot come any more
        } finally {
            lock.unlock();
        }
    }
}
