package dev.claimant.rabbitmq;

import dev.claimant.Claim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was delivered and not asked for yet. Where messages follow each other closely they are taken several at a time: to wake a thread
 * for each costs more than all else that is done with it. Needs the subscription's lock.
 */
final class DeliveryBuffer {

    private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Worth a call by themselves, whatever follows. */
    private static final int ENOUGH = 64;

    /** A worker that asks for fewer has slots to fill. */
    private static final int MANY = 32;

    private final Condition changed;
    private final ArrayDeque<RabbitMqClaim> waiting = new ArrayDeque<>();
    private long lastTaken = System.nanoTime() - GATHERING_NANOS;

    /** A claim that waits is woken when there are this many. */
    private int enough = 1;

    DeliveryBuffer(ReentrantLock lock) {
        changed = lock.newCondition();
    }

    int size() {
        return waiting.size();
    }

    void add(RabbitMqClaim claim) {
        waiting.add(claim);
        if (waiting.size() >= enough) {
            changed.signal();
        }
    }

    /** Up to this many, the oldest first. */
    List<Claim> take(int most) {
        List<Claim> taken = new ArrayList<>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            taken.add(waiting.remove());
        }
        if (!taken.isEmpty()) {
            lastTaken = System.nanoTime();
        }
        return taken;
    }

    /** Waits a moment for more of this demand, if some were taken just now and this many more can come. */
    void gather(int demand, int more) throws InterruptedException {
        long nanos = lastTaken + GATHERING_NANOS - System.nanoTime();
        enough = Math.min(ENOUGH, waiting.size() + more);
        try {
            while (demand >= MANY && nanos > 0 && waiting.size() < enough) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            enough = 1;
        }
    }

    /** Waits for the next one, or for {@link #wake}, or for nothing at all: who calls looks again. */
    @SuppressWarnings("WaitNotInLoop")
    void await(long nanos) throws InterruptedException {
        changed.awaitNanos(nanos);
    }

    /** Ends the waiting, whether something has come or not. */
    void wake() {
        changed.signal();
    }
}
