package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Claim;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Where what the broker pushed waits until it is asked for, and how much it may push. Shares its subscription's lock. Thread-safe. */
final class Inbox {

    /** How long a claim that has nothing to wait for looks whether settlements free some credit, before it asks for more. */
    private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Long enough for a worker that wants more to ask for it. One that asks less often can afford to withdraw its credit each time. */
    private static final long SOON_MILLIS = 500;

    /** A worker that has asked soon after a settlement so often will do so again. */
    private static final int STEADY = 16;

    /** A worker in full swing may have counted its room before a settlement that the broker has answered already; not so often. */
    private static final int LOW_DEMANDS = 3;

    private final Subscription subscription;
    private final Consumers consumers;
    private final Errands errands;
    private final boolean inOrder;
    private final ReentrantLock lock;
    private final Arrivals arrivals;
    private int wanted;
    private boolean claiming;
    private boolean trimming;

    /** Since the trimming was last put off. */
    private boolean asked;

    private int askedSoon;
    private int lowDemands;
    private boolean stopped;

    Inbox(Channel channel, RabbitMqConfig config, Subscription subscription) {
        this.subscription = subscription;
        lock = subscription.lock();
        inOrder = config.inOrder;
        arrivals = new Arrivals(lock);
        consumers = new Consumers(channel, config, subscription, arrivals);
        errands = new Errands("claimant-rabbitmq-" + config.queue + "-consumers");
    }

    /** Returns when there is something, when the time is up, when told to stop, and when the connection has ended. */
    List<Claim> claim(int demand, long deadline) throws InterruptedException, IOException {
        want(demand, true);
        List<Claim> claims = List.of();
        try {
            if (isToBeLimited(demand)) {
                errands.await(() -> consumers.limit(demand));
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
            want(claims.isEmpty() ? 0 : demand - claims.size(), false);
        }
    }

    private boolean isToBeLimited(int demand) {
        lock.lock();
        try {
            boolean low = consumers.isTooMuchFor(demand);
            lowDemands = low ? lowDemands + 1 : 0;
            return low ? askedSoon < STEADY || lowDemands >= LOW_DEMANDS : consumers.isFarTooLittleFor(demand);
        } finally {
            lock.unlock();
        }
    }

    private void want(int demand, boolean claiming) {
        lock.lock();
        try {
            if (claiming && trimming) {
                asked = true;
                askedSoon++;
            }
            wanted = demand;
            this.claiming = claiming;
        } finally {
            lock.unlock();
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
                errands.await(() -> consumers.grow(demand));
            }
        }
    }

    private List<Claim> take(int demand) {
        lock.lock();
        try {
            return List.copyOf(arrivals.take(demand));
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
    List<RabbitMqClaim> clear() {
        List<RabbitMqClaim> gone = arrivals.take(Integer.MAX_VALUE);
        arrivals.wake();
        return gone;
    }

    /** Some credit is free again; the broker has used it already, if it had anything. Called without the lock. */
    void settled() {
        lock.lock();
        try {
            if (!claiming && !trimming) {
                trimming = true;
                errands.later(SOON_MILLIS, this::trim);
            }
        } finally {
            lock.unlock();
        }
    }

    private void trim() {
        lock.lock();
        try {
            trimming = asked;
            asked = false;
            if (trimming) {
                errands.later(SOON_MILLIS, this::trim);
            }
            if (trimming || claiming || subscription.isOver()) {
                return;
            }
            askedSoon = 0;
        } finally {
            lock.unlock();
        }
        orGiveUp(() -> consumers.shrinkTo(() -> wanted));
    }

    /**
     * A settlement makes the broker push once more. A worker in full swing asks for that the next moment; any other has no use for it
     * yet, and what it has no use for must stay for others: its credit is withdrawn first. Called without the lock.
     */
    void beforeSettling() {
        lock.lock();
        try {
            if (claiming || askedSoon >= STEADY || consumers.areNone()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        pause();
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
        orGiveUp(() -> errands.finish(consumers::stop));
        giveBackWaiting();
    }

    /** Nothing is pushed until the next claim: what goes back now goes to others first. */
    void pause() {
        orGiveUp(() -> errands.finish(consumers::cancel));
    }

    private void giveBackAll() {
        orGiveUp(consumers::cancel);
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

    /** What waits goes back with the connection then. */
    private void orGiveUp(Errands.Errand errand) {
        try {
            errand.run();
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
        }
    }

    void close() {
        errands.close();
    }
}
