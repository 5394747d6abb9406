package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement.Kind;
import org.jspecify.annotations.Nullable;

/** A message claimed from Service Bus, with its native properties. */
public final class ServiceBusClaim extends Claim {

    private final ServiceBusReceivedMessage received;
    private final ServiceBusReceiverAsyncClient receiver;
    private final @Nullable String unusable;

    private long lockedUntil;
    private boolean lost;
    private @Nullable Kind settled;
    private @Nullable Kind sent;

    /** @param unusable why no handler can be given this message; absent for every other */
    ServiceBusClaim(
            Message message,
            @Nullable String unusable,
            ServiceBusReceivedMessage received,
            ServiceBusReceiverAsyncClient receiver,
            long lockedUntil) {
        super(message, attempt(received), attempt(received), 0, lockedUntil, -1);
        this.received = received;
        this.receiver = receiver;
        this.unusable = unusable;
        this.lockedUntil = lockedUntil;
    }

    /** The service counts what came before: 0 on the first delivery. */
    private static int attempt(ServiceBusReceivedMessage received) {
        return (int) Math.min(Integer.MAX_VALUE, received.getDeliveryCount() + 1);
    }

    /** The message as the SDK has it: correlation id, subject, typed properties. Do not settle it yourself. */
    public ServiceBusReceivedMessage received() {
        return received;
    }

    @Override
    public @Nullable String unusable() {
        return unusable;
    }

    ServiceBusReceiverAsyncClient receiver() {
        return receiver;
    }

    // ---- the lock

    /** Whether it would still hold, by our clock. */
    synchronized boolean isWithinLock(long now) {
        return now - lockedUntil < 0;
    }

    synchronized void renewed(long until) {
        lockedUntil = until;
    }

    synchronized boolean isLost() {
        return lost;
    }

    synchronized void lose() {
        lost = true;
    }

    // ---- its end

    /** How it was last asked to end; absent before. */
    synchronized @Nullable Kind sent() {
        return sent;
    }

    synchronized void sends(Kind kind) {
        sent = kind;
    }

    /** How it ended, where the service has said so. */
    synchronized @Nullable Kind settled() {
        return settled;
    }

    synchronized void settle(Kind kind) {
        settled = kind;
    }
}
