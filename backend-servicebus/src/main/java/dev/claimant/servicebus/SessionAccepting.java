package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.util.function.Consumer;

/**
 * Asks for sessions. The SDK accepts without a bound, and what it has begun cannot be called off: its link would stay open and be granted a session
 * for nobody. So it is left to end. Needs the lock of the {@link DeliveryBuffer}.
 */
final class SessionAccepting {

    private static final int AT_ONCE = 4;

    private final Connections connections;
    private final DeliveryBuffer buffer;
    private final ServiceBusConfig.Entity entity;
    private ServiceBusConnection connection;
    private int underWay;

    SessionAccepting(Connections connections, DeliveryBuffer buffer, ServiceBusConfig.Entity entity) {
        this.connections = connections;
        connection = connections.now();
        this.buffer = buffer;
        this.entity = entity;
    }

    /** Sees to it that as many are on their way, within bounds; each that is granted goes to the step, with the lock held. */
    void accept(int wanted, Consumer<ServiceBusReceiverAsyncClient> granted) {
        for (int missing = Math.min(wanted, AT_ONCE) - underWay; missing > 0; missing--) {
            underWay++;
            ServiceBusConnection asked = connection;
            var unused = asked.sessions()
                    .acceptNextSession()
                    .subscribe(
                            session -> buffer.run(() -> {
                                hasEnded(asked);
                                granted.accept(session);
                            }),
                            failure -> buffer.run(() -> {
                                hasEnded(asked);
                                if (asked == connection) {
                                    refused(failure);
                                }
                            }));
        }
    }

    private void hasEnded(ServiceBusConnection asked) {
        underWay -= asked == connection ? 1 : 0;
    }

    private void refused(Throwable failure) {
        if (buffer.isAwaited() || ServiceBusErrors.isRefusal(failure)) {
            buffer.failLink("accepting a session", entity, failure);
        } // else the next claim accepts anew
    }

    /** What is under way on the old connection counts no more. */
    void connectAnew() {
        connection = connections.now();
        underWay = 0;
    }
}
