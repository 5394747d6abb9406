package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Claim;
import dev.claimant.SourceException;
import dev.claimant.spi.Events;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with one channel, from which messages are claimed and on which they are settled: its end is the end of their locks, and
 * it never comes back. Thread-safe.
 */
final class Subscription implements ShutdownListener {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final Connection connection;
    private final boolean inOrder;
    private final boolean deadLettersByBroker;
    private final Events events;

    /** Guards the buffer, the consumers and what is held. */
    private final ReentrantLock lock = new ReentrantLock();

    private final BrokerThread brokerThread;
    private final Holding holding;
    private final Consumers consumers;
    private final CreditPolicy creditPolicy;
    private final Claiming claiming;
    private final Acknowledging acknowledging;
    private @Nullable Exception end;

    /**
     * Takes over the connection and its channel; nothing is consumed before the first claim.
     *
     * @param seen what is known of the queue
     * @param events told of what is lost, once, when the connection ends of itself: of all that was claimed and not settled
     */
    Subscription(
            Connection connection, Channel channel, RabbitMqConfig config, StartupCheck.Report seen, Events events) {
        this.connection = connection;
        deadLettersByBroker = seen.deadLettersByBroker();
        this.events = events;
        inOrder = config.inOrder;
        brokerThread = new BrokerThread("claimant-rabbitmq-" + config.queue + "-consumers");
        holding = new Holding(channel, this, brokerThread);
        DeliveryBuffer buffer = new DeliveryBuffer(lock);
        consumers = new Consumers(channel, config, this, buffer, seen.mayVanish());
        creditPolicy = new CreditPolicy(this, consumers, brokerThread);
        claiming = new Claiming(this, buffer, consumers, creditPolicy, brokerThread, inOrder);
        acknowledging = new Acknowledging(
                this, holding, creditPolicy, new Hearing(channel, brokerThread), inOrder, deadLettersByBroker);
        channel.addShutdownListener(this);
    }

    /** Where its messages wait to be claimed. */
    Claiming claiming() {
        return claiming;
    }

    /** What ends its claims. */
    Acknowledging acknowledging() {
        return acknowledging;
    }

    /** The largest frame on this connection; zero for any. */
    int frameMax() {
        return connection.getFrameMax();
    }

    // ---- holding and settling

    /** From the broker, one at a time. */
    void delivered(RabbitMqClaim claim) {
        lock.lock();
        try {
            if (end == null) {
                holding.add(claim);
                claiming.add(claim);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody claims it: the broker moves it to the dead letters, whole, or it stays ours until the connection ends. */
    void deliveredWithoutItsBody(RabbitMqClaim claim) {
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            holding.add(claim);
        } finally {
            lock.unlock();
        }
        brokerThread.later(0, () -> {
            BodyLimit.tell(claim, deadLettersByBroker);
            if (deadLettersByBroker) {
                holding.discard(claim);
            }
        });
    }

    boolean holds(RabbitMqClaim claim) {
        return holding.holds(claim);
    }

    /** What was delivered before this moment, on the clock of {@link System#nanoTime()}, and is not settled. */
    List<RabbitMqClaim> deliveredBefore(long nanos) {
        return holding.deliveredBefore(nanos);
    }

    /** Nothing is delivered until the next claim: what goes back now goes to others first. */
    void pause() {
        creditPolicy.pause();
    }

    // ---- stopping

    /** Nothing is claimed any more; what is held can still be settled, and what is completed has been told. */
    void stop() {
        claiming.stop();
        leaveIfDone();
    }

    /** Where order is kept, the next in line gets nothing before we are gone: neither what we have not finished, nor what follows it. */
    void leaveIfDone() {
        lock.lock();
        try {
            if (!inOrder || !claiming.isStopped() || holding.size() > claiming.size()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        close();
    }

    // ---- the end

    boolean isOver() {
        return end() != null;
    }

    /** Why the connection ended, once it has. */
    @Nullable Exception end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing can be said on this connection any more. */
    void giveUp() {
        connection.abort(0);
    }

    /** What the broker cannot be asked ends the connection, and what is held goes back with it. */
    void orGiveUp(BrokerThread.Request request) {
        try {
            request.run();
        } catch (IOException | ShutdownSignalException e) {
            giveUp();
        }
    }

    /** The queue was deleted, or the broker took the consumer away, from 4.3 on for a message's sake too: all begins anew. */
    void cancelledByBroker() {
        ended(new SourceException(
                "the broker cancelled the consumer: the queue is gone, or its leader, or a message was unsettled for longer than its"
                        + " consumer timeout; say that to consumerTimeout, and the worker is told before",
                null));
        giveUp();
    }

    /** Called by the client. */
    @Override
    public void shutdownCompleted(ShutdownSignalException cause) {
        ended(cause);
    }

    private void ended(Exception reason) {
        List<Claim> claims;
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            end = reason;
            claims = holding.clear();
            claims.removeAll(claiming.clear());
            claims.removeIf(claim -> ((RabbitMqClaim) claim).leftOut() >= 0); // nobody has claimed it
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "the connection for claims has ended with {} messages held: {}",
                claims.size(),
                RabbitMqErrors.describe(reason));
        if (!claims.isEmpty()) {
            events.lost(claims);
        }
    }

    /** Ends the connection; what is held goes back at once, without a word to the worker. */
    void close() {
        lock.lock();
        try {
            end = end == null ? new SourceException("closed", null) : end;
            holding.clear();
            claiming.clear();
        } finally {
            lock.unlock();
        }
        brokerThread.close();
        Connections.close(connection);
    }

    // ---- for the consumers, with the lock

    ReentrantLock lock() {
        return lock;
    }

    /** How many messages the broker has pushed and not heard the end of, and how many it may push. */
    int credit() {
        return holding.size() + consumers.free();
    }

    /** Whether a claim waits and the broker may push nothing. */
    boolean isStarving() {
        return creditPolicy.isClaiming() && claiming.size() == 0 && consumers.areStarving();
    }
}
