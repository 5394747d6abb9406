package dev.claimant.sample.cluster;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import dev.claimant.sample.hello.ServiceBusHelloSender;
import dev.claimant.sample.keda.Trigger;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.servicebusserver.ServerProcess;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The queue or topic {@code hello} on a server of its own, and a key for each who uses it: workers may listen, producers may send, and KEDA may
 * manage, as the manifests say.
 */
public final class HelloEntity implements AutoCloseable {

    private static final String NAME = "hello";
    private static final String WORKER = "hello-worker";
    private static final String PRODUCER = "hello-producer";
    private static final String SCALER = "hello-scaler";
    private static final String KEY = "a-key-for-tests";
    private static final String MAX_DELIVERIES = "100";

    private final ServerProcess server;
    private final @Nullable String subscription;
    private final boolean hasSessions;
    private final int lockSeconds;

    private HelloEntity(ServerProcess server, @Nullable String subscription, boolean hasSessions, int lockSeconds) {
        this.server = server;
        this.subscription = subscription;
        this.hasSessions = hasSessions;
        this.lockSeconds = lockSeconds;
    }

    /** A queue. */
    public static HelloEntity queue(int lockSeconds) {
        return start(null, lockSeconds, "queue", NAME);
    }

    /** A topic, and a subscription to it. */
    public static HelloEntity subscription(String name, int lockSeconds) {
        return start(name, lockSeconds, "subscription", NAME, name);
    }

    /** A queue with sessions. */
    public static HelloEntity sessions(int lockSeconds) {
        return start(null, lockSeconds, "sessions", NAME);
    }

    private static HelloEntity start(@Nullable String subscription, int lockSeconds, String... entity) {
        List<String> arguments = new ArrayList<>(List.of(entity));
        arguments.addAll(List.of(Integer.toString(lockSeconds), MAX_DELIVERIES));
        Map.of(WORKER, "LISTEN", PRODUCER, "SEND", SCALER, "MANAGE")
                .forEach((name, right) -> arguments.addAll(List.of("key", name, KEY, right)));
        return new HelloEntity(
                ServerProcess.start(arguments.toArray(new String[0])),
                subscription,
                entity[0].equals("sessions"),
                lockSeconds);
    }

    /** Where its clients connect. */
    public int port() {
        return server.port();
    }

    /** The settings of a worker that may do no more than listen. */
    public ServiceBusConfig.Builder config() {
        return entity().connectionString(worker(server.port()))
                .administrationEndpoint(server.administrationEndpoint())
                .lockLength(Duration.ofSeconds(lockSeconds));
    }

    /** The settings of one who may do everything. */
    public ServiceBusConfig.Builder managed() {
        return managed(entity());
    }

    private ServiceBusConfig.Builder managed(ServiceBusConfig.Builder config) {
        return config.connectionString(manager()).administrationEndpoint(server.administrationEndpoint());
    }

    private ServiceBusConfig.Builder entity() {
        return subscription == null ? ServiceBusConfig.queue(NAME) : ServiceBusConfig.subscription(NAME, subscription);
    }

    private static String worker(int port) {
        return ServiceBusServer.connectionString(port, WORKER, KEY);
    }

    /** Asks for greetings of this many seconds each. */
    public void send(int greetings, int seconds) throws IOException {
        ServiceBusHelloSender.send(
                new ServiceBusClientBuilder().connectionString(server.connectionString(PRODUCER, KEY)),
                NAME,
                subscription != null,
                hasSessions,
                greetings,
                seconds);
    }

    /** Sends one of the messages that wait a second time, with the same id, as by a producer that got no answer. */
    public void repeatOne() {
        ServiceBusClientBuilder all = new ServiceBusClientBuilder().connectionString(manager());
        var receiver = all.receiver();
        var sender = all.sender();
        if (subscription == null) {
            receiver.queueName(NAME);
            sender.queueName(NAME);
        } else {
            receiver.topicName(NAME).subscriptionName(subscription);
            sender.topicName(NAME);
        }
        try (ServiceBusReceiverClient looking = receiver.buildClient();
                ServiceBusSenderClient sending = sender.buildClient()) {
            ServiceBusReceivedMessage message = looking.peekMessage();
            sending.sendMessage(new ServiceBusMessage(message));
        }
    }

    private String manager() {
        return server.connectionString(SCALER, KEY);
    }

    /** How many are in the queue or subscription, or in work. */
    public long messages() {
        try (ServiceBusSource source = ServiceBusSource.of(managed().build())) {
            return source.backlog().scaler();
        }
    }

    /** KEDA's scaler of what the trigger names. */
    public ServiceBusScaler scaler(Trigger trigger) {
        return new ServiceBusScaler(
                trigger, managed(ServiceBusScaler.entity(trigger)).build());
    }

    /** What differs from the manifests: who cannot be asked is not asked, and locks are short. */
    public Map<String, String> environment() {
        return Map.of(
                "SERVICEBUS_ADMINISTRATION_ENDPOINT", server.administrationEndpoint(),
                "SERVICEBUS_LOCK_SECONDS", Integer.toString(lockSeconds),
                "SERVICEBUS_SESSIONS", Boolean.toString(hasSessions));
    }

    /** What one user needs who may do everything, without a manifest. */
    public Map<String, String> environmentOfOneUser() {
        Map<String, String> all = new HashMap<>(environment());
        all.put("SOURCE", "servicebus");
        all.put("SERVICEBUS_CONNECTION_STRING", manager());
        if (subscription != null) {
            all.put("SERVICEBUS_TOPIC", NAME);
            all.put("SERVICEBUS_SUBSCRIPTION", subscription);
        }
        return all;
    }

    /** Pods whose Secrets hold the keys. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        return pods(folder, overrides, server.port());
    }

    /** The same, with workers that reach the server through another port. */
    public Pods pods(Path folder, Map<String, String> overrides, int port) {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(overrides);
        all.put("CLAIMANT_MANAGEMENT_PORT", "0"); // pods have a network each, processes share one
        return new Pods(
                Map.of(
                        "hello-servicebus", Map.of("connection", worker(port)),
                        "hello-servicebus-producer", Map.of("connection", server.connectionString(PRODUCER, KEY))),
                all,
                folder);
    }

    @Override
    public void close() {
        server.close();
    }
}
