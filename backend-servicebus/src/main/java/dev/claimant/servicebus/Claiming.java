package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import dev.claimant.Claim;
import dev.claimant.SourceException;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages: the credit of the receiving link is what the worker asks for. What arrives while nobody waits, also after an interrupt, is
 * kept for the next claim: a link that is closed while a message is on its way leaves it locked for nobody.
 */
final class Claiming implements ReceivingLink.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Claiming.class);

    /** How long a link stays open after the stop: nearly all that was on its way has arrived by then, and the rest would be locked for nobody. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ServiceBusConfig config;
    private final Connections connections;
    private final Holding holding;
    private final Events events;
    private final LockLength lockLength;
    private final Returning returning;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ServiceBusClaim> buffer = new ArrayDeque<>();
    private final List<ReceivingLink> retired = new ArrayList<>();
    private final LinkProbe probe;
    private @Nullable ReceivingLink link;
    private @Nullable SourceException failure;
    private boolean isStopped;

    /** Whether the last link was given up after the stop: what arrives all the same goes back at once. */
    private boolean isLinkDone;

    Claiming(ServiceBusConfig config, Connections connections, Holding holding, Events events, LockLength lockLength) {
        this.config = config;
        this.connections = connections;
        this.holding = holding;
        this.events = events;
        this.lockLength = lockLength;
        returning = new Returning(config);
        probe = new LinkProbe(config);
    }

    List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        List<Claim> lost = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            long deadline = System.nanoTime() + wait.toNanos();
            ask(demand);
            while (buffer.isEmpty() && !isStopped && failure == null && System.nanoTime() - deadline < 0) {
                ReceivingLink open = opened();
                probe.askIfDue(open.client, this::wakeUp);
                long left = deadline - System.nanoTime();
                boolean isAsking = probe.nanosLeft() == 0;
                var unused = changed.awaitNanos(isAsking ? left : Math.min(left, probe.nanosLeft()));
                if (probe.isAnswered()) {
                    judge(demand);
                }
            }
            if (failure != null && !isStopped) {
                SourceException thrown = failure;
                failure = null;
                throw thrown;
            }
            while (!isStopped && claims.size() < demand && !buffer.isEmpty()) {
                ServiceBusClaim claim = buffer.removeFirst();
                if (claim.isWithinLock(System.nanoTime())) {
                    lost.addAll(holding.add(claim));
                    claims.add(claim);
                }
            }
        } finally {
            lock.unlock();
        }
        if (!lost.isEmpty()) {
            events.lost(lost);
        }
        return claims;
    }

    /**
     * Gives the link as much credit as is missing. Credit that is too much cannot be taken back: a new link has less. Not while messages come,
     * or those on their way to the old link would be locked for nobody.
     */
    private void ask(int demand) {
        if (isStopped) {
            return;
        }
        while (buffer.size() > demand) {
            returning.giveBack(buffer.removeLast());
        }
        if (buffer.size() + opened().outstanding() > demand && probe.silentFor(LINGER)) {
            retireLink();
        }
        int missing = demand - buffer.size() - opened().outstanding();
        if (missing > 0) {
            opened().request(missing);
        }
    }

    private void judge(int demand) {
        Throwable unreachable = probe.takeFailure();
        if (unreachable != null) {
            failure = ServiceBusErrors.failed("looking", config.entity, unreachable);
        } else if (probe.suspectsTheLink()) {
            LOG.warn(
                    "'{}' has messages, and none has come for {}: its receiving link is opened anew",
                    config.entity,
                    config.silence.multipliedBy(2));
            retireLink();
            ask(demand);
        }
    }

    private ReceivingLink opened() {
        ReceivingLink open = link;
        if (open == null) {
            open = new ReceivingLink(connections.receiver(), this);
            link = open;
            open.open();
        }
        return open;
    }

    private void retireLink() {
        ReceivingLink old = link;
        link = null;
        if (old != null) {
            old.cancel();
            retired.add(old);
        }
        retired.removeIf(done -> {
            boolean isNeeded =
                    holding.needs(done.client) || buffer.stream().anyMatch(claim -> claim.receiver() == done.client);
            if (!isNeeded && done != old) {
                connections.close(done.client);
            }
            return !isNeeded && done != old;
        });
    }

    @Override
    public void arrived(ReceivingLink from, ServiceBusReceivedMessage message) {
        Messages.Read read = Messages.read(message);
        ServiceBusClaim claim = new ServiceBusClaim(
                read.message(), read.unusable(), message, from.client, lockLength.endOf(message, System.nanoTime()));
        lock.lock();
        try {
            from.arrivedOne();
            probe.heard();
            if (Copies.isForAnother(message, config.entity.subscription())) {
                returning.complete(claim);
                if (from == link && !isStopped) {
                    from.request(1);
                }
                return;
            }
            if (from != link && !isStopped) {
                returning.giveBack(claim); // the link was given up, and its credit with it
                return;
            }
            buffer.addLast(claim);
            if (isLinkDone) {
                giveBackAll();
            } else if (isStopped) {
                giveBackUnlessMoreMayCome();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void broken(ReceivingLink from, @Nullable Throwable cause) {
        lock.lock();
        try {
            if (from == link) {
                failure = ServiceBusErrors.failed(
                        "receiving",
                        config.entity,
                        cause == null ? new IllegalStateException("the link has ended") : cause);
                retireLink();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void wakeUp() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the end

    /** What has arrived, or still arrives, goes back: not while the link has credit, or the same message would come here again and again. */
    void stop() {
        lock.lock();
        try {
            if (isStopped) {
                return;
            }
            isStopped = true;
            changed.signalAll();
            giveBackUnlessMoreMayCome();
        } finally {
            lock.unlock();
        }
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::giveBackAll);
    }

    private void giveBackUnlessMoreMayCome() {
        if (link == null || link.outstanding() <= 0) {
            giveBackAll();
        }
    }

    private void giveBackAll() {
        lock.lock();
        try {
            isLinkDone = true;
            retireLink();
            while (!buffer.isEmpty()) {
                returning.giveBack(buffer.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        stop();
        giveBackAll();
        awaitTheEndOfTheLink();
        returning.await(config.requestTimeout);
    }

    /** An answer on the same connection, to a question that was asked after the link's end: what was on its way has arrived by then. */
    private void awaitTheEndOfTheLink() {
        ReceivingLink last = retired.isEmpty() ? null : retired.get(retired.size() - 1);
        if (last == null) {
            return;
        }
        try {
            Answers.await(last.client.peekMessage(), "looking", config.entity, config.requestTimeout);
        } catch (SourceException e) {
            LOG.debug("the end of the link of '{}' is not confirmed", config.entity, e);
        }
    }
}
