package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A session that this worker has locked. It has one message at a time: while that one is not settled no other is on its way, so what becomes of
 * it holds back its successors. Needs the lock of the {@link DeliveryBuffer}, except where said.
 */
final class HeldSession implements ReceivingLink.Receiver {

    /** What happens to it, told without the lock. */
    interface Owner {
        void arrived(HeldSession session, ServiceBusReceivedMessage message);

        void broken(HeldSession session);

        void ended(HeldSession session, ServiceBusClaim claim);
    }

    final ReceivingLink link;
    private final Owner owner;
    private final long grantedAt;
    private volatile long lockedUntil;
    private long waitsSince;
    private boolean isWaiting;
    private @Nullable ServiceBusClaim claim;

    /** Whether it brings no more messages: its link is broken, or its time is over. */
    boolean isEnding;

    HeldSession(ServiceBusReceiverAsyncClient client, Owner owner, long now, long lockedUntil) {
        this.owner = owner;
        this.lockedUntil = lockedUntil;
        grantedAt = now;
        waitsSince = now;
        link = new ReceivingLink(client, this);
    }

    // ---- its message

    /** Asks for the next message. */
    void request(long now) {
        isWaiting = true;
        waitsSince = now;
        link.request(1);
    }

    /** The message that was asked for is there. */
    void holds(ServiceBusClaim arrived) {
        isWaiting = false;
        claim = arrived;
    }

    /** The message is settled. */
    void isFree(long now) {
        claim = null;
        waitsSince = now;
    }

    @Nullable ServiceBusClaim claim() {
        return claim;
    }

    boolean isBusy() {
        return claim != null;
    }

    /** Whether a message was asked for and has not come. */
    boolean isWaiting() {
        return isWaiting;
    }

    /** How long it has had nothing to do. */
    long idleNanos(long now) {
        return now - waitsSince;
    }

    long heldNanos(long now) {
        return now - grantedAt;
    }

    // ---- its lock

    long lockedUntil() {
        return lockedUntil;
    }

    /** One renewal for all that it holds. Without the lock. */
    Mono<OffsetDateTime> renew() {
        return link.client.renewSessionLock();
    }

    void renewed(long until) {
        lockedUntil = until;
    }

    boolean isLockOver(long now) {
        return now - lockedUntil >= 0;
    }

    /** How long a worker keeps a session: then others have their turn, and no message of it begins with a lock that is nearly over. */
    static Duration longestStay(Duration lockLength) {
        Duration quarter = lockLength.dividedBy(4);
        Duration most = Duration.ofSeconds(10);
        return quarter.compareTo(most) < 0 ? quarter : most;
    }

    // ---- from the SDK's threads

    @Override
    public void arrived(ReceivingLink from, ServiceBusReceivedMessage message) {
        owner.arrived(this, message);
    }

    @Override
    public void broken(ReceivingLink from, @Nullable Throwable failure) {
        owner.broken(this);
    }

    /** The claim has ended: applied or lost. Without the lock. */
    void ended(ServiceBusClaim ended) {
        owner.ended(this, ended);
    }
}
