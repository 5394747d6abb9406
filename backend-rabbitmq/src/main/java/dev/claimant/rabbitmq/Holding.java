package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Claim;
import dev.claimant.Verdict;
import dev.claimant.rabbitmq.Unsettled.Ack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What one channel delivered and is not settled yet, and the commands that settle it: they leave in the order in which the unsettled
 * changes, or one for a whole prefix would settle more than it should. Thread-safe.
 */
final class Holding {

    /** How long a completion may wait for the one before it. Shorter than a claim waits for credit. */
    private static final long MOMENT_MILLIS = 4;

    private final Channel channel;
    private final ReentrantLock lock;

    /** Held from the change of the unsettled until its commands have left, so that deliveries need not wait for that. */
    private final ReentrantLock sending = new ReentrantLock();

    private final Subscription subscription;
    private final BrokerThread brokerThread;
    private final Unsettled unsettled = new Unsettled();

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
     * Completes those of them that are still held, with as few commands as possible. Where the broker has more credit than it uses, what comes
     * behind an unsettled one waits a moment for that: a command for each costs the broker more than the message.
     */
    List<Verdict> complete(List<RabbitMqClaim> claims) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        sending.lock();
        try {
            acknowledge(locked(() -> {
                for (RabbitMqClaim claim : claims) {
                    verdicts.add(unsettled.complete(claim) ? Verdict.APPLIED : Verdict.LOST);
                }
                List<Ack> acks = unsettled.acks(!subscription.hasCreditToSpare());
                lookLater();
                return acks;
            }));
            for (int i = 0; i < claims.size(); i++) {
                claims.get(i).settled |= verdicts.get(i) == Verdict.APPLIED;
            }
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
            verdicts.replaceAll(verdict -> verdict == Verdict.APPLIED ? Verdict.UNKNOWN : verdict);
        } finally {
            sending.unlock();
        }
        return verdicts;
    }

    /** With the lock held. */
    private void lookLater() {
        if (!looksLater && unsettled.unheard() > 0) {
            looksLater = true;
            long blocking = unsettled.first();
            brokerThread.later(MOMENT_MILLIS, () -> look(blocking));
        }
    }

    /** One that is still unsettled has a long handler: the others do not wait for it. */
    private void look(long blocking) {
        boolean stillBlocks = locked(() -> {
            looksLater = false;
            if (unsettled.first() != blocking) {
                lookLater();
                return false;
            }
            return true;
        });
        if (stillBlocks) {
            acknowledgeAll();
        }
    }

    /** The broker hears of all that is completed. */
    void acknowledgeAll() {
        sending.lock();
        try {
            acknowledge(locked(() -> unsettled.acks(true)));
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
        } finally {
            sending.unlock();
        }
    }

    private void acknowledge(List<Ack> acks) throws IOException {
        for (Ack ack : acks) {
            channel.basicAck(ack.tag(), ack.multiple());
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
