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

    private final Channel channel;
    private final ReentrantLock lock;

    /** Held from the change of the unsettled until its commands have left, so that deliveries need not wait for that. */
    private final ReentrantLock sending = new ReentrantLock();

    private final Subscription subscription;
    private final Unsettled unsettled = new Unsettled();

    Holding(Channel channel, Subscription subscription) {
        this.channel = channel;
        this.subscription = subscription;
        lock = subscription.lock();
    }

    // ---- with the lock held

    void add(RabbitMqClaim claim) {
        claim.credit().used++;
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

    /** Completes those of them that are still held, with as few commands as possible. */
    List<Verdict> complete(List<RabbitMqClaim> claims) {
        return settle(claims, ack -> channel.basicAck(ack.tag(), ack.multiple()));
    }

    /** Hands it back untried. */
    Verdict release(RabbitMqClaim claim) {
        return settle(List.of(claim), ack -> channel.basicNack(ack.tag(), false, true))
                .get(0);
    }

    /** Hands it back such that the broker counts the try, where it counts at all. */
    Verdict reject(RabbitMqClaim claim) {
        return settle(List.of(claim), ack -> channel.basicReject(ack.tag(), true))
                .get(0);
    }

    /** Hands it back for the dead letters. */
    Verdict discard(RabbitMqClaim claim) {
        return settle(List.of(claim), ack -> channel.basicReject(ack.tag(), false))
                .get(0);
    }

    private interface Command {
        void send(Ack ack) throws IOException;
    }

    /** A connection that fails under a command is given up as a whole. */
    private List<Verdict> settle(List<RabbitMqClaim> claims, Command command) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        sending.lock();
        try {
            List<RabbitMqClaim> taken = new ArrayList<>(claims.size());
            List<Ack> acks = locked(() -> {
                take(claims, taken, verdicts);
                return unsettled.acks(taken);
            });
            for (Ack ack : acks) {
                command.send(ack);
            }
            taken.forEach(claim -> claim.settled = true);
        } catch (IOException | ShutdownSignalException e) {
            subscription.giveUp();
            verdicts.replaceAll(verdict -> verdict == Verdict.APPLIED ? Verdict.UNKNOWN : verdict);
        } finally {
            sending.unlock();
        }
        return verdicts;
    }

    private void take(List<RabbitMqClaim> claims, List<RabbitMqClaim> taken, List<Verdict> verdicts) {
        for (RabbitMqClaim claim : claims) {
            boolean ours = unsettled.take(claim);
            verdicts.add(ours ? Verdict.APPLIED : Verdict.LOST);
            if (ours) {
                claim.credit().used--;
                taken.add(claim);
            }
        }
    }
}
