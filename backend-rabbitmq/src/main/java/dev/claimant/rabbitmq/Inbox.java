package dev.claimant.rabbitmq;

import dev.claimant.Claim;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Where what the broker pushed waits until it is asked for. Shares its subscription's lock. Thread-safe. */
final class Inbox {

    /** How long a claim that has nothing to wait for looks whether settlements free some credit, before it asks for more. */
    private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Subscription subscription;
    private final Arrivals arrivals;
    private final Consumers consumers;
    private final Steering steering;
    private final Errands errands;
    private final boolean inOrder;
    private final ReentrantLock lock;
    private boolean stopped;

    Inbox(
            Subscription subscription,
            Arrivals arrivals,
            Consumers consumers,
            Steering steering,
            Errands errands,
            boolean inOrder) {
        this.subscription = subscription;
        this.arrivals = arrivals;
        this.consumers = consumers;
        this.steering = steering;
        this.errands = errands;
        this.inOrder = inOrder;
        lock = subscription.lock();
    }

    /** Returns when there is something, when the time is up, when told to stop, and when the connection has ended. */
    List<Claim> claim(int demand, long deadline) throws InterruptedException, IOException {
        List<Claim> claims = List.of();
        try {
            if (steering.claims(demand)) {
                errands.await(consumers::limit);
            }
            claims = await(demand, deadline);
            if (claims.isEmpty()) {
                errands.await(consumers::cancel); // nobody asks for what would come now
                claims = take(demand);
            }
            return claims;
        } catch (InterruptedException e) {
            errands.later(0, this::giveBackAll);
            throw e;
        } finally {
            steering.claimed(claims.isEmpty() ? 0 : demand - claims.size());
        }
    }

    private List<Claim> await(int demand, long deadline) throws InterruptedException, IOException {
        long starvingUntil = System.nanoTime() + STARVING_NANOS;
        while (true) {
            boolean starving;
            lock.lockInterruptibly();
            try {
                arrivals.gather(demand, consumers.free());
                long now = System.nanoTime();
                if (arrivals.size() > 0 || stopped || subscription.isOver() || deadline - now <= 0) {
                    return take(demand);
                }
                starving = consumers.areStarving();
                long nanos = starving ? Math.min(deadline - now, starvingUntil - now) : deadline - now;
                if (nanos > 0) {
                    arrivals.await(nanos);
                    starving = false;
                }
            } finally {
                lock.unlock();
            }
            if (starving) {
                errands.await(consumers::grow);
            }
        }
    }

    private List<Claim> take(int most) {
        lock.lock();
        try {
            return arrivals.take(most);
        } finally {
            lock.unlock();
        }
    }

    // ---- deliveries and the end, with the lock held

    void add(RabbitMqClaim claim) {
        arrivals.add(claim);
    }

    int size() {
        return arrivals.size();
    }

    boolean isStopped() {
        return stopped;
    }

    /** What waited is gone with the connection. */
    List<Claim> clear() {
        List<Claim> gone = arrivals.take(Integer.MAX_VALUE);
        arrivals.wake();
        return gone;
    }

    // ---- stopping

    /** Takes no more, and gives back what nobody has asked for. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            arrivals.wake();
        } finally {
            lock.unlock();
        }
        subscription.orGiveUp(() -> errands.finish(consumers::stop));
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
            subscription.release((RabbitMqClaim) claim);
        }
    }
}
