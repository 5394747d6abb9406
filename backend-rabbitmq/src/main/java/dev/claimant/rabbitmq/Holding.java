package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Claim;
import dev.claimant.Verdict;
import dev.claimant.rabbitmq.Unsettled.Ack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What one channel delivered and is not settled yet, and the commands that settle it: they leave in the order in which the unsettled
 * changes, or one for a whole prefix would settle more than it should. Thread-safe.
 */
final class Holding {

    /** How long a completion may wait for others, or for the one before it, where nobody waits for its room. What comes alone does not wait. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Channel channel;
    private final ReentrantLock lock;

    /** Held from the change of the unsettled until its commands have left, so that deliveries need not wait for that. */
    private final ReentrantLock sending = new ReentrantLock();

    private final Subscription subscription;
    private final BrokerThread brokerThread;
    private final Unsettled unsettled = new Unsettled();

    /** When the broker was last told. Only the thread that tells it writes this. */
    private volatile long toldAt = System.nanoTime() - MOMENT_NANOS;

    /** Whether it is looked soon whether something still waits. */
    private boolean looksLater;

    Holding(Channel channel, Subscription subscription, BrokerThread brokerThread) {
        this.brokerThread = brokerThread;
        this.channel = channel;
        this.subscription = subscription;
        lock = subscription.lock();
    }

    // ---- with the lock held

    void add(RabbitMqClaim claim) {
        unsettled.add(claim);
    }

    /** All of it, none of which is held any longer. */
    List<Claim> clear() {
        List<Claim> claims = new ArrayList<>();
        unsettled.forEach(claims::add);
        unsettled.clear();
        return claims;
    }

    int size() {
        return unsettled.size();
    }

    // ---- from any thread

    boolean holds(RabbitMqClaim claim) {
        return locked(() -> unsettled.holds(claim));
    }

    /** What was delivered before this moment, on the clock of {@link System#nanoTime()}. */
    List<RabbitMqClaim> deliveredBefore(long nanos) {
        return locked(() -> {
            List<RabbitMqClaim> old = new ArrayList<>();
            unsettled.forEach(claim -> {
                if (claim.deliveredAt() - nanos < 0) {
                    old.add(claim);
                }
            });
            return old;
        });
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes those of them that are still held. The broker hears of it at once where the last one was a moment ago; else when there is enough
     * to tell, when a claim waits for the room, or after a moment: a command for each costs it more than the message.
     */
    List<Verdict> complete(List<RabbitMqClaim> claims) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        boolean told = tell(() -> {
            for (RabbitMqClaim claim : claims) {
                verdicts.add(unsettled.complete(claim) ? Verdict.APPLIED : Verdict.LOST);
            }
            return due();
        });
        if (told) {
            for (int i = 0; i < claims.size(); i++) {
                claims.get(i).settled |= verdicts.get(i) == Verdict.APPLIED;
            }
        } else {
            verdicts.replaceAll(verdict -> verdict == Verdict.APPLIED ? Verdict.UNKNOWN : verdict);
        }
        return verdicts;
    }

    /** A claim begins to wait. */
    void claimWaits() {
        if (locked(() -> unsettled.unheard() > 0 && subscription.isStarving())) {
            brokerThread.later(0, () -> tell(this::due)); // not here: a claim may be interrupted
        }
    }

    /** With the lock held. */
    private List<Ack> due() {
        List<Ack> due = unsettled.due(
                System.nanoTime() - toldAt >= MOMENT_NANOS, subscription.isStarving(), subscription.credit());
        lookLater();
        return due;
    }

    /** With the lock held. */
    private void lookLater() {
        if (!looksLater && unsettled.unheard() > 0) {
            looksLater = true;
            long blocking = unsettled.first();
            brokerThread.later(TimeUnit.NANOSECONDS.toMillis(MOMENT_NANOS), () -> tell(() -> afterMoment(blocking)));
        }
    }

    /** With the lock held. */
    private List<Ack> afterMoment(long blocking) {
        looksLater = false;
        List<Ack> due = unsettled.dueAfterMoment(blocking);
        lookLater();
        return due;
    }

    /** The broker hears of all that is completed. */
    void acknowledgeAll() {
        tell(() -> unsettled.acks(true));
    }

    /** Takes the step with the lock held and sends what it returns; false where the connection has failed. */
    private boolean tell(Supplier<List<Ack>> step) {
        sending.lock();
        try {
            for (Ack ack : locked(step)) {
                channel.basicAck(ack.tag(), ack.multiple());
                toldAt = System.nanoTime();
            }
            return true;
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
            return false;
        } finally {
            sending.unlock();
        }
    }

    /** Hands it back untried. */
    Verdict release(RabbitMqClaim claim) {
        return giveBack(claim, () -> channel.basicNack(claim.tag(), false, true));
    }

    /** Hands it back such that the broker counts the try, where it counts at all. */
    Verdict reject(RabbitMqClaim claim) {
        return giveBack(claim, () -> channel.basicReject(claim.tag(), true));
    }

    /** Hands it back for the dead letters. */
    Verdict discard(RabbitMqClaim claim) {
        return giveBack(claim, () -> channel.basicReject(claim.tag(), false));
    }

    /** A connection that fails under a command is given up as a whole. */
    private Verdict giveBack(RabbitMqClaim claim, BrokerThread.Request command) {
        sending.lock();
        try {
            if (!locked(() -> unsettled.take(claim))) {
                return Verdict.LOST;
            }
            command.run();
            claim.settled = true;
            return Verdict.APPLIED;
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
            return Verdict.UNKNOWN;
        } finally {
            sending.unlock();
        }
    }
}
