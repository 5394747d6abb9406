package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.Claim;
import dev.claimant.Settlement.Kind;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A message claimed from Service Bus, with its native properties. */
public final class ServiceBusClaim extends Claim {

    private final ServiceBusReceivedMessage received;
    private final ServiceBusReceiverAsyncClient link;
    private final Connections connections;
    private final @Nullable HeldSession session;
    private final @Nullable String unusable;

    private long lockedUntil;
    private boolean lost;
    private @Nullable Kind settled;
    private @Nullable Kind sent;
    private boolean reported;
    private @Nullable Long copy;

    /** @param session absent for a message that is locked by itself */
    ServiceBusClaim(
            Messages.Read read,
            ServiceBusReceivedMessage received,
            ServiceBusReceiverAsyncClient link,
            Connections connections,
            @Nullable HeldSession session,
            long lockedUntil) {
        super(read.message(), attempt(received), attempt(received), 0, lockedUntil, -1);
        this.received = received;
        this.link = link;
        this.connections = connections;
        this.session = session;
        unusable = read.unusable();
        this.lockedUntil = lockedUntil;
    }

    /** The service counts what came before: 0 on the first delivery. */
    private static int attempt(ServiceBusReceivedMessage received) {
        return (int) Math.min(Integer.MAX_VALUE, Copies.earlierAttempts(received) + received.getDeliveryCount() + 1);
    }

    /** The message as the SDK has it: correlation id, subject, typed properties. Do not settle it yourself. */
    public ServiceBusReceivedMessage received() {
        return received;
    }

    @Override
    public @Nullable String unusable() {
        return unusable;
    }

    /** By which it has come. */
    ServiceBusReceiverAsyncClient link() {
        return link;
    }

    /** By which it can be settled and renewed. */
    ServiceBusReceiverAsyncClient receiver() {
        return session == null ? connections.usable(link) : link;
    }

    @Nullable HeldSession session() {
        return session;
    }

    // ---- the lock

    /** Asks the service to extend it: by itself, or with its session. */
    Mono<OffsetDateTime> renew() {
        return session == null ? receiver().renewMessageLock(received) : session.renew();
    }

    /** Whether it would still hold, by our clock. */
    synchronized boolean isWithinLock(long now) {
        return now - lockedUntil < 0;
    }

    /** What the service's clock shows, to a second; its lock's end is told by that clock, and by ours it is so far away. */
    synchronized @Nullable OffsetDateTime serviceTime(long now) {
        OffsetDateTime end = received.getLockedUntil();
        return end == null ? null : end.minusNanos(lockedUntil - now);
    }

    synchronized void renewed(long until) {
        lockedUntil = until;
        if (session != null) {
            session.renewed(until);
        }
    }

    synchronized boolean isLost() {
        return lost;
    }

    synchronized void lose() {
        lost = true;
    }

    // ---- its end

    /** It is settled or lost: its session may bring the next message, or has to be let go. */
    void ended() {
        if (session != null) {
            session.ended(this);
        }
    }

    /** How it was last asked to end; absent before. */
    synchronized @Nullable Kind sent() {
        return sent;
    }

    synchronized void sends(Kind kind) {
        sent = kind;
    }

    /** Whether the SDK has said that it is a dead letter, which a session's link says in any case. */
    synchronized boolean isReported() {
        return reported;
    }

    synchronized void report() {
        reported = true;
    }

    /** The number of its scheduled copy; absent before there is one. */
    synchronized @Nullable Long copy() {
        return copy;
    }

    synchronized void isCopied(long number) {
        copy = number;
    }

    /** How it ended, where the service has said so. */
    synchronized @Nullable Kind settled() {
        return settled;
    }

    synchronized void settle(Kind kind) {
        settled = kind;
    }
}
