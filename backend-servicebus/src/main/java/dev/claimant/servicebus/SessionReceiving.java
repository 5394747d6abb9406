package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.Settlement.Kind;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A link for each session that this worker has locked, as many as it has slots free. Sessions are accepted ahead of need in one case only: where
 * one brings nothing, and another could take its place.
 *
 * <p>A session is kept for a short time and let go between two messages, so that a busy one does not keep others waiting for ever. It is let go
 * at once when a message of it goes back: the SDK would hand out the successor first (azure-sdk-for-java issue 24064). A session that is granted
 * too late is closed.
 */
final class SessionReceiving implements Receiving, HeldSession.Owner {

    /** How long a session stays that nobody has asked for a message: it was granted late, or the worker's slots are taken. */
    private static final long UNUSED_NANOS = Duration.ofMillis(500).toNanos();

    private static final long TICK_MILLIS = 250;

    private final ServiceBusConfig config;
    private final Connections connections;
    private final SessionAccepting accepting;
    private final Holding holding;
    private final Events events;
    private final DeliveryBuffer buffer;
    private final LockLength lockLength;
    private final Returning returning;
    private final HeldSessions sessions;

    /** Closing a session waits for the service, which no thread of the SDK may do. */
    private final ScheduledThreadPoolExecutor closing = new ScheduledThreadPoolExecutor(
            4,
            task -> {
                Thread thread = new Thread(task, "claimant-servicebus-sessions");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // after the end the connection takes its sessions with it

    /** Whether a claim has begun. */
    private boolean isClaiming;

    SessionReceiving(
            ServiceBusConfig config,
            Connections connections,
            Holding holding,
            Events events,
            DeliveryBuffer buffer,
            LockLength lockLength) {
        this.config = config;
        this.holding = holding;
        this.events = events;
        this.buffer = buffer;
        this.connections = connections;
        accepting = new SessionAccepting(connections, buffer, config.entity);
        this.lockLength = lockLength;
        sessions = new HeldSessions(lockLength.length(), session -> closing.execute(session.link.client::close));
        returning = Returning.ofSessions(config);
        var unused = closing.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- as many messages as are wanted

    /** A session that is granted before anybody claims is let go at once. */
    @Override
    public void open() {
        accepting.accept(1, this::granted);
    }

    @Override
    public void ask(int demand) {
        if (buffer.isStopped()) {
            return;
        }
        isClaiming = true;
        long now = System.nanoTime();
        sessions.letGoOfThoseWhoseTimeIsOver(now);
        while (buffer.size() > demand) {
            ServiceBusClaim unwanted = buffer.last();
            sessions.letGo(unwanted == null ? null : unwanted.session());
        }
        while (buffer.size() + sessions.waiting() > demand) {
            sessions.letGo(sessions.longestWaiting(now));
        }
        for (HeldSession free : sessions.free()) {
            if (buffer.size() + sessions.waiting() >= demand) {
                HeldSession idle = sessions.longestWaitingBeyondGrace(now);
                if (idle == null) {
                    break;
                }
                sessions.letGo(idle);
            }
            free.request(now);
        }
        accepting.accept(
                demand - buffer.size() - sessions.free().size() - sessions.waitingWithinGrace(now), this::granted);
    }

    private void granted(ServiceBusReceiverAsyncClient receiver) {
        long now = System.nanoTime();
        HeldSession session = new HeldSession(receiver, this, now, lockLength.endOf(now));
        sessions.add(session);
        if (buffer.isStopped() || !isClaiming) {
            sessions.letGo(session);
        } else {
            session.link.open();
            buffer.signal();
        }
    }

    /** For the end of a session's grace, or of its time. */
    @Override
    public long nanosToNextAsk() {
        return sessions.nanosToNextStep(System.nanoTime());
    }

    /** The SDK opens links that wait for a session anew by itself, and no other is kept for long. */
    @Override
    public void openAnew() {}

    /** A message that is held is lost with its session, unless an answer to its settlement still comes. */
    @Override
    public void connectAnew() {
        accepting.connectAnew();
        sessions.endAll();
    }

    // ---- messages

    @Override
    public void arrived(HeldSession session, ServiceBusReceivedMessage message) {
        ServiceBusReceiverAsyncClient receiver = session.link.client;
        Messages.Read read = Messages.read(message, message.getSessionId());
        buffer.run(() -> {
            session.link.arrivedOne();
            buffer.probe.heard();
            if (!sessions.contains(session)) {
                return; // it is closed, and the message goes back with it
            }
            ServiceBusClaim claim =
                    new ServiceBusClaim(read, message, receiver, connections, session, session.lockedUntil());
            session.holds(claim);
            if (Copies.isForAnother(message, config.entity.subscription())) {
                returning.complete(claim);
                sessions.letGo(session);
            } else {
                buffer.add(claim);
            }
        });
    }

    @Override
    public void ended(HeldSession session, ServiceBusClaim claim) {
        buffer.run(() -> {
            if (session.claim() != claim || !sessions.contains(session)) {
                return;
            }
            boolean isGone = claim.settled() == Kind.COMPLETE || claim.settled() == Kind.DEAD_LETTER;
            session.isFree(System.nanoTime());
            if (isGone && !session.isEnding && !buffer.isStopped()) {
                buffer.signal();
            } else {
                sessions.letGo(session);
            }
        });
    }

    /** Its lock may outlive its link, and then its message can still be settled. So the service is asked. */
    @Override
    public void broken(HeldSession session) {
        buffer.run(() -> {
            session.isEnding = true;
            ServiceBusClaim claim = session.claim();
            if (!sessions.contains(session)) {
                return;
            }
            if (claim == null) {
                sessions.letGo(session);
                return;
            }
            var unused = session.renew().timeout(config.requestTimeout).subscribe(until -> {}, failure -> {
                if (ServiceBusErrors.isLost(failure) && claim.sent() == null) {
                    lose(claim);
                }
            });
        });
    }

    private void lose(ServiceBusClaim claim) {
        boolean wasHeld = holding.holds(claim);
        claim.lose();
        holding.remove(claim);
        if (wasHeld) {
            events.lost(List.of(claim));
        }
    }

    // ---- sessions end

    /** For the time in which nobody claims. */
    private void tick() {
        List<ServiceBusClaim> lost = new ArrayList<>();
        buffer.run(() -> {
            long now = System.nanoTime();
            sessions.letGoOfThoseWhoseTimeIsOver(now);
            sessions.free().stream()
                    .filter(session -> session.idleNanos(now) >= UNUSED_NANOS)
                    .forEach(sessions::letGo);
            for (HeldSession session : sessions.all()) {
                ServiceBusClaim claim = session.claim();
                if (claim != null && session.isLockOver(now)) {
                    sessions.letGo(session);
                    buffer.remove(claim);
                    lost.add(claim);
                }
            }
        });
        lost.forEach(this::lose);
    }

    @Override
    public void stop() {
        for (ServiceBusClaim claim = buffer.last(); claim != null; claim = buffer.last()) {
            sessions.letGo(claim.session());
        }
        sessions.all().stream().filter(session -> !session.isBusy()).forEach(sessions::letGo);
    }

    @Override
    public void close() {
        buffer.run(() -> sessions.all().forEach(sessions::letGo));
        closing.shutdown();
        try {
            closing.awaitTermination(config.requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        returning.await(config.requestTimeout);
    }
}
