package dev.claimant.rabbitmq;

import dev.claimant.Claim;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Where what the broker pushed waits until it is asked for. Shares its subscription's lock. Thread-safe. */
final class Claiming {

    /** How long a claim that has nothing to wait for looks whether settlements free some credit, before it asks for more. */
    private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Subscription subscription;
    private final DeliveryBuffer buffer;
    private final Consumers consumers;
    private final CreditPolicy creditPolicy;
    private final BrokerThread brokerThread;
    private final boolean inOrder;
    private final ReentrantLock lock;
    private volatile boolean stopped;

    Claiming(
            Subscription subscription,
            DeliveryBuffer buffer,
            Consumers consumers,
            CreditPolicy creditPolicy,
            BrokerThread brokerThread,
            boolean inOrder) {
        this.subscription = subscription;
        this.buffer = buffer;
        this.consumers = consumers;
        this.creditPolicy = creditPolicy;
        this.brokerThread = brokerThread;
        this.inOrder = inOrder;
        lock = subscription.lock();
    }

    /** Returns when there is something, when the time is up, when told to stop, and when the connection has ended. */
    List<Claim> claim(int demand, long deadline) throws InterruptedException, IOException {
        List<Claim> claims = List.of();
        try {
            BrokerThread.Request change = creditPolicy.claims(demand);
            if (change != null) {
                brokerThread.await(change);
            }
            subscription.acknowledging().holding().claimWaits();
            claims = await(demand, deadline);
            if (claims.isEmpty()) {
                brokerThread.await(consumers::cancel); // nobody asks for what would come now
                claims = take(demand);
            }
            return claims;
        } catch (InterruptedException e) {
            brokerThread.later(0, this::giveBackAll);
            throw e;
        } finally {
            creditPolicy.claimed(claims.isEmpty() ? 0 : demand - claims.size());
        }
    }

    private List<Claim> await(int demand, long deadline) throws InterruptedException, IOException {
        long starvingUntil = System.nanoTime() + STARVING_NANOS;
        while (true) {
            boolean starving;
            lock.lockInterruptibly();
            try {
                buffer.gather(demand, consumers.free());
                long now = System.nanoTime();
                if (buffer.size() > 0 || stopped || subscription.isOver() || deadline - now <= 0) {
                    return take(demand);
                }
                starving = consumers.areStarving();
                long nanos = starving ? Math.min(deadline - now, starvingUntil - now) : deadline - now;
                if (nanos > 0) {
                    buffer.await(nanos);
                    starving = false;
                }
            } finally {
                lock.unlock();
            }
            if (starving) {
                brokerThread.await(consumers::grow);
            }
        }
    }

    private List<Claim> take(int most) {
        lock.lock();
        try {
            return buffer.take(most);
        } finally {
            lock.unlock();
        }
    }

    // ---- deliveries and the end, with the lock held

    void add(RabbitMqClaim claim) {
        buffer.add(claim);
    }

    int size() {
        return buffer.size();
    }

    boolean isStopped() {
        return stopped;
    }

    /** What waited is gone with the connection. */
    List<Claim> clear() {
        List<Claim> gone = buffer.take(Integer.MAX_VALUE);
        buffer.wake();
        return gone;
    }

    // ---- stopping

    /** Takes no more, and gives back what nobody has asked for. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            buffer.wake();
        } finally {
            lock.unlock();
        }
        subscription.orGiveUp(() -> brokerThread.finish(() -> {
            subscription.acknowledging().finish();
            consumers.stop();
        }));
        giveBackWaiting();
    }

    private void giveBackAll() {
        subscription.orGiveUp(consumers::cancel);
        giveBackWaiting();
    }

    private void giveBackWaiting() {
        if (inOrder) {
            return; // it would come to us again, ahead of all others
        }
        for (Claim claim : take(Integer.MAX_VALUE)) {
            subscription.acknowledging().release((RabbitMqClaim) claim);
        }
    }
}
