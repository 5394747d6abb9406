package dev.claimant.rabbitmq;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides when credit follows demand. A settlement makes the broker push once more: a worker in full swing asks for that the next moment;
 * any other has no use for it yet, and what it has no use for must stay for others. Shares its subscription's lock. Thread-safe.
 */
final class CreditPolicy {

    /** Long enough for a worker that wants more to ask for it. One that asks less often can afford to withdraw its credit each time. */
    private static final long SOON_MILLIS = 500;

    /** A worker that has asked soon after a settlement so often will do so again. */
    private static final int STEADY = 16;

    /** A worker in full swing may have counted its room before a settlement that the broker has answered already; not so often. */
    private static final int LOW_DEMANDS = 3;

    private final Subscription subscription;
    private final Consumers consumers;
    private final BrokerThread brokerThread;
    private final ReentrantLock lock;
    private boolean claiming;
    private boolean trimming;

    /** Since the trimming was last put off. */
    private boolean asked;

    private int askedSoon;
    private int lowDemands;

    CreditPolicy(Subscription subscription, Consumers consumers, BrokerThread brokerThread) {
        this.subscription = subscription;
        this.consumers = consumers;
        this.brokerThread = brokerThread;
        lock = subscription.lock();
    }

    /** A claim begins; whether credit has to be changed for it. */
    boolean claims(int demand) {
        lock.lock();
        try {
            claiming = true;
            consumers.want(demand);
            if (trimming) {
                asked = true;
                askedSoon++;
            }
            boolean low = consumers.areTooMuch();
            lowDemands = low ? lowDemands + 1 : 0;
            return low ? askedSoon < STEADY || lowDemands >= LOW_DEMANDS : consumers.areFarTooLittle();
        } finally {
            lock.unlock();
        }
    }

    /** A claim has ended; the worker would have taken so many more. */
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
            if (trimming) {
                brokerThread.later(SOON_MILLIS, this::trim);
            }
            if (trimming || claiming || subscription.isOver()) {
                return;
            }
            askedSoon = 0;
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
