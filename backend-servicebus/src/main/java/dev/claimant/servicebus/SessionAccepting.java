package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import java.util.function.Consumer;

/**
 * Asks for sessions. The SDK accepts without a bound, and what it has begun cannot be called off: its link would stay open and be granted a session
 * for nobody. So it is left to end. Needs the lock of the {@link DeliveryBuffer}.
 */
final class SessionAccepting {

    private static final int AT_ONCE = 4;

    private final ServiceBusSessionReceiverAsyncClient client;
    private final DeliveryBuffer buffer;
    private final ServiceBusConfig.Entity entity;
    private int underWay;

    SessionAccepting(
            ServiceBusSessionReceiverAsyncClient client, DeliveryBuffer buffer, ServiceBusConfig.Entity entity) {
        this.client = client;
        this.buffer = buffer;
        this.entity = entity;
    }

    /** Sees to it that as many are on their way, within bounds; each that is granted goes to the step, with the lock held. */
    void accept(int wanted, Consumer<ServiceBusReceiverAsyncClient> granted) {
        while (underWay < Math.min(wanted, AT_ONCE)) {
            underWay++;
            var unused = client.acceptNextSession()
                    .subscribe(
                            session -> buffer.run(() -> {
                                underWay--;
                                granted.accept(session);
                            }),
                            this::refused);
        }
    }

    private void refused(Throwable failure) {
        buffer.run(() -> {
            underWay--;
            if (buffer.isAwaited() || ServiceBusErrors.isRefusal(failure)) {
                buffer.fail("accepting a session", entity, failure);
            } // else the next claim accepts anew
        });
    }
}
