package dev.claimant.benchmarks.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.benchmarks.harness.Relay;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.servicebusserver.ServerProcess;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The harness's own client at the queue: starts a server with a new one for each filling, and counts what is left. */
final class BenchQueue implements QueueContender.Queue, AutoCloseable {

    private static final int NOOP_MESSAGES = 20_000;
    private static final int BODY_BYTES = 200;
    private static final String LOCK_SECONDS = "60";
    private static final String MAX_DELIVERIES = "100";
    private static final String KEY = "bench";

    private @Nullable ServerProcess server;
    private @Nullable ServiceBusSenderClient sender;
    private @Nullable Duration roundTrip;
    private @Nullable Relay relay;

    /** From the next filling on, the contender finds it so far away; this client does not. */
    void setRoundTrip(Duration roundTrip) {
        this.roundTrip = roundTrip;
    }

    @Override
    public Map<String, String> environment() {
        Target target = target();
        return relay == null
                ? target.environment()
                : new Target(ServiceBusServer.connectionString(relay.port(), KEY, KEY), target.administrationEndpoint())
                        .environment();
    }

    private Target target() {
        ServerProcess running = Objects.requireNonNull(server, "no queue was filled");
        return new Target(running.connectionString(KEY, KEY), running.administrationEndpoint());
    }

    @Override
    public int noopMessages() {
        return NOOP_MESSAGES;
    }

    @Override
    public void fill(int messages) {
        close();
        ServerProcess started =
                ServerProcess.start("queue", Target.QUEUE, LOCK_SECONDS, MAX_DELIVERIES, "key", KEY, KEY, "MANAGE");
        server = started;
        relay = roundTrip == null ? null : Relay.to(started.port(), roundTrip);
        ServiceBusSenderClient sending = new ServiceBusClientBuilder()
                .connectionString(target().connectionString())
                .sender()
                .queueName(Target.QUEUE)
                .buildClient();
        sender = sending;
        ServiceBusMessageBatch batch = sending.createMessageBatch();
        for (int number = 0; number < messages; number++) {
            if (!batch.tryAddMessage(message(number))) {
                sending.sendMessages(batch);
                batch = sending.createMessageBatch();
                batch.tryAddMessage(message(number));
            }
        }
        if (batch.getCount() > 0) {
            sending.sendMessages(batch);
        }
    }

    @Override
    public void send(int number) {
        Objects.requireNonNull(sender).sendMessage(message(number));
    }

    private static ServiceBusMessage message(int number) {
        String text = number + " ";
        return new ServiceBusMessage(text + "x".repeat(BODY_BYTES - text.length()))
                .setMessageId(Integer.toString(number));
    }

    @Override
    public long left() {
        Target target = target();
        try (ServiceBusSource source = ServiceBusSource.of(ServiceBusConfig.queue(Target.QUEUE)
                .connectionString(target.connectionString())
                .administrationEndpoint(target.administrationEndpoint())
                .build())) {
            return source.backlog().scaler();
        }
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        if (relay != null) {
            relay.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
