package dev.claimant.rabbitmq;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides when credit follows demand. A settlement makes the broker push once more: a worker in full swing asks for that the next moment;
 * any other has no use for it yet, and what it has no use for must stay for others. Shares its subscription's lock. Thread-safe.
 */
final class CreditPolicy {

    /** Long enough for a worker that wants more to ask for it. One that asks less often can afford to withdraw its credit each time. */
    private static final long SOON_MILLIS = 500;

    /** A worker that has asked soon after a settlement this often will do so again. */
    private static final int STEADY = 4;

    private final Subscription subscription;
    private final Consumers consumers;
    private final BrokerThread brokerThread;
    private final ReentrantLock lock;
    private boolean claiming;
    private boolean trimming;

    /** Since the trimming was last put off. */
    private boolean asked;

    private int askedSoon;

    /** By how much the credit exceeded every demand since the trimming was last put off. */
    private int surplus = Integer.MAX_VALUE;

    CreditPolicy(Subscription subscription, Consumers consumers, BrokerThread brokerThread) {
        this.subscription = subscription;
        this.consumers = consumers;
        this.brokerThread = brokerThread;
        lock = subscription.lock();
    }

    /**
     * A claim begins; returns how credit has to be changed for it. In full swing less credit waits for {@link #trim}: a worker may count its
     * room before it hears of settlements that the broker has answered already, and each change costs a round trip.
     */
    BrokerThread.@Nullable Request claims(int demand) {
        lock.lock();
        try {
            claiming = true;
            consumers.want(demand);
            if (trimming) {
                asked = true;
                askedSoon++;
            }
            surplus = Math.min(surplus, consumers.surplus());
            if (askedSoon < STEADY && consumers.surplus() > 0) {
                return consumers::limit;
            }
            return consumers.areFarTooLittle() ? consumers::grow : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a claim is under way. With the lock held. */
    boolean isClaiming() {
        return claiming;
    }

    /** A claim has ended; the worker would have taken this many more. */
    void claimed(int wanted) {
        lock.lock();
        try {
            claiming = false;
            consumers.want(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Withdraws what a settlement would free and nobody asks for. Called without the lock. */
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

    /** Some credit is free again; the broker has used it already, if it had anything. Called without the lock. */
    void settled() {
        lock.lock();
        try {
            if (!claiming && !trimming) {
                trimming = true;
                brokerThread.later(SOON_MILLIS, this::trim);
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
            boolean neededLess = surplus > 0;
            surplus = Integer.MAX_VALUE;
            if (trimming) {
                brokerThread.later(SOON_MILLIS, this::trim);
            } else {
                askedSoon = claiming ? askedSoon : 0;
            }
            if (subscription.isOver() || (trimming ? !neededLess : claiming)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        subscription.orGiveUp(consumers::shrink);
    }

    /** Nothing is pushed until the next claim: what goes back now goes to others first. */
    void pause() {
        subscription.orGiveUp(() -> brokerThread.finish(consumers::cancel));
    }
}
