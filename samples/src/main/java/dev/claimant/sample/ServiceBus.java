package dev.claimant.sample;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import dev.claimant.ConfigurationException;
import dev.claimant.sample.hello.ServiceBusHelloSender;
import dev.claimant.servicebus.ServiceBusConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the namespace is, and which of its queues or subscriptions is worked on.
 *
 * @param clients makes senders of the same login
 * @param entity the queue or topic that messages are sent to
 */
record ServiceBus(
        ServiceBusConfig config,
        Supplier<ServiceBusClientBuilder> clients,
        String entity,
        boolean isTopic,
        boolean hasSessions) {

    private static final String QUEUE = "SERVICEBUS_QUEUE";
    private static final String TOPIC = "SERVICEBUS_TOPIC";
    private static final String SUBSCRIPTION = "SERVICEBUS_SUBSCRIPTION";
    private static final String LOCK = "SERVICEBUS_LOCK_SECONDS";
    private static final String ADMINISTRATION = "SERVICEBUS_ADMINISTRATION_ENDPOINT";
    private static final String SESSIONS = "SERVICEBUS_SESSIONS";
    private static final String WEB_SOCKETS = "SERVICEBUS_WEB_SOCKETS";
    private static final String EMULATOR_ANYWHERE = "SERVICEBUS_EMULATOR_ANYWHERE";
    private static final String SCHEDULED_RETRIES = "SERVICEBUS_SCHEDULED_RETRIES";

    /** Which variable each of the source's own settings comes from. */
    static final VariableNames VARIABLES = new VariableNames(Map.ofEntries(
            Map.entry("connectionString", ServiceBusLogin.CONNECTION),
            Map.entry("identity", ServiceBusLogin.NAMESPACE),
            Map.entry("queue", QUEUE),
            Map.entry("topic", TOPIC),
            Map.entry("subscription", SUBSCRIPTION),
            Map.entry("sessions", SESSIONS),
            Map.entry("lockLength", LOCK),
            Map.entry("administrationEndpoint", ADMINISTRATION),
            Map.entry("webSockets", WEB_SOCKETS),
            Map.entry("emulatorAnywhere", EMULATOR_ANYWHERE),
            Map.entry("scheduledRetries", SCHEDULED_RETRIES)));

    /** Problems go into the environment's list; then there is nothing to use. */
    static @Nullable ServiceBus read(Environment env) {
        env.bothOrNeither(TOPIC, SUBSCRIPTION);
        String topic = env.text(TOPIC);
        String queue = env.text(QUEUE);
        if (topic == null) {
            return read(env, queue == null ? "hello" : queue, null);
        }
        if (queue != null) {
            env.problem(QUEUE, "set, and so is " + TOPIC + ": a worker has one source");
        }
        return read(env, topic, env.textOr(SUBSCRIPTION, "not set"));
    }

    /**
     * Of what is named here and not in the environment.
     *
     * @param entity a queue, or a topic
     * @param subscription to the topic
     */
    static @Nullable ServiceBus read(Environment env, String entity, @Nullable String subscription) {
        ServiceBusLogin login = ServiceBusLogin.read(env);
        ServiceBusConfig.Builder config = subscription == null
                ? ServiceBusConfig.queue(entity)
                : ServiceBusConfig.subscription(entity, subscription);
        Duration lock = env.secondsIfSet(LOCK, 5, 300);
        if (lock != null) {
            config.lockLength(lock);
        }
        String administration = env.text(ADMINISTRATION);
        if (administration != null) {
            config.administrationEndpoint(administration);
        }
        boolean webSockets = isTrue(env, WEB_SOCKETS);
        if (webSockets) {
            config.webSockets();
        }
        if (isTrue(env, EMULATOR_ANYWHERE)) {
            config.emulatorAnywhere();
        }
        boolean sessions = isTrue(env, SESSIONS);
        if (sessions) {
            config.sessions();
        }
        if (isTrue(env, SCHEDULED_RETRIES)) {
            config.scheduledRetries();
        }
        if (login == null) {
            return null;
        }
        login.addTo(config);
        try {
            return new ServiceBus(config.build(), login.clients(webSockets), entity, subscription != null, sessions);
        } catch (ConfigurationException e) {
            VARIABLES.tell(env, e);
            return null;
        }
    }

    private static boolean isTrue(Environment env, String name) {
        return env.text(name) != null
                && env.oneOf(name, List.of("true", "false")).equals("true");
    }

    void send(int messages, int seconds) throws IOException {
        ServiceBusHelloSender.send(clients.get(), entity, isTopic, hasSessions, messages, seconds);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return entity;
    }
}
