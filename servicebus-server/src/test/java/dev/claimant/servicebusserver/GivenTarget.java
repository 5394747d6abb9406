package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that somebody has named by a connection string, with {@link GivenEntities#ofScript}: the emulator, another container, a
 * namespace of Azure. It has no hooks, and time passes for it as for everybody. It is emptied before each line.
 */
final class GivenTarget implements Target {

    private final String name;
    private final String connectionString;
    private final Duration lock;
    private final boolean isWaitedFor;

    /**
     * Empties it.
     *
     * @param lock how long the locks of its entities hold
     * @param isWaitedFor whether time may truly pass; else the lines that need it are left out
     */
    GivenTarget(String name, String connectionString, Duration lock, boolean isWaitedFor) {
        this.name = name;
        this.connectionString = connectionString;
        this.lock = lock;
        this.isWaitedFor = isWaitedFor;
        try (SdkClient client = connect()) {
            for (Map.Entry<String, EntityOptions> entity :
                    GivenEntities.ofScript(lock).entrySet()) {
                empty(client, entity.getKey(), entity.getValue().requiresSession());
                empty(client, entity.getKey() + Entities.DEAD_LETTERS, false);
            }
        }
    }

    private SdkClient connect() {
        return new JavaSdk(Client.PATIENCE).connect(connectionString);
    }

    /** What is locked, by a line that failed, is waited for. */
    private void empty(SdkClient client, String entity, boolean hasSessions) {
        for (List<Incoming> left = client.peek(entity, 0, 100); !left.isEmpty(); left = client.peek(entity, 0, 100)) {
            if (hasSessions) {
                try (SdkClient other = connect()) { // a client that accepts a session again is given its old link
                    remove(other, entity, left.get(0), true);
                }
            } else {
                left.forEach(message -> remove(client, entity, message, false));
            }
        }
    }

    private static void remove(SdkClient client, String entity, Incoming message, boolean hasSessions) {
        switch (String.valueOf(message.get("state"))) {
            case "SCHEDULED" -> client.cancel(entity, message.sequence());
            case "DEFERRED" -> {
                SdkReceiver receiver = client.receiver(entity);
                receiver.complete(receiver.deferred(message.sequence()));
            }
            default -> {
                SdkReceiver receiver = hasSessions
                        ? client.session(entity, (String) message.get("sessionId"))
                        : client.receiver(entity);
                receiver.complete(receiver.next());
                receiver.close();
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String connectionString() {
        return connectionString;
    }

    @Override
    public Duration lock() {
        return lock;
    }

    @Override
    public void pass(Duration time) {
        if (!isWaitedFor) {
            throw new NotHere("its time is not waited for");
        }
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public ServiceBusServer own() {
        throw new NotHere("it has no hooks");
    }

    @Override
    public void close() {}
}
