package dev.claimant.servicebus;

import com.azure.core.credential.TokenCredential;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import org.jspecify.annotations.Nullable;

/** The connection of a source. Where it is dead another one takes its place, and what has come by the old one is settled by the new one. Thread-safe. */
final class Connections {

    private final ServiceBusConfig config;
    private final @Nullable TokenCredential credential;
    private volatile ServiceBusConnection now;
    private boolean isClosed;

    Connections(ServiceBusConfig config, @Nullable TokenCredential credential) {
        this.config = config;
        this.credential = credential;
        now = new ServiceBusConnection(config, credential);
    }

    ServiceBusConnection now() {
        return now;
    }

    /** The client by which a message has come; where its connection is gone, one that renews and settles without a link. */
    ServiceBusReceiverAsyncClient usable(ServiceBusReceiverAsyncClient client) {
        ServiceBusConnection connection = now;
        return connection.has(client) ? client : connection.looker();
    }

    /** Leaves the connection to its end, which may take a while, and begins another one with the first use. */
    synchronized void openAnew() {
        if (isClosed) {
            return;
        }
        ServiceBusConnection old = now;
        now = new ServiceBusConnection(config, credential);
        Thread closing =
                new Thread(old::close, "claimant-servicebus-closing"); // it blocks, and the caller may be in a hurry
        closing.setDaemon(true);
        closing.start();
    }

    synchronized void close() {
        isClosed = true;
        now.close();
    }
}
