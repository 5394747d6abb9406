package dev.claimant.servicebus;

import com.azure.core.credential.TokenCredential;
import dev.claimant.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link ServiceBusSource}. Immutable. */
public final class ServiceBusConfig {

    final Entity entity;
    final boolean sessions;
    final @Nullable ConnectionText connection;
    final @Nullable String namespace;
    final @Nullable TokenCredential credential;
    final boolean webSockets;
    final boolean scheduledRetries;
    final @Nullable Duration lockLength;
    final @Nullable URI administrationEndpoint;
    final Duration requestTimeout;
    final Duration silence;

    private ServiceBusConfig(Builder builder, @Nullable ConnectionText connection, @Nullable URI administration) {
        entity = builder.entity;
        sessions = builder.sessions;
        this.connection = connection;
        namespace = builder.namespace;
        credential = builder.credential;
        webSockets = builder.webSockets;
        scheduledRetries = builder.scheduledRetries;
        lockLength = builder.lockLength;
        administrationEndpoint = administration;
        requestTimeout = builder.requestTimeout;
        silence = builder.silence;
    }

    /** Of the namespace. */
    String host() {
        return connection == null ? Objects.requireNonNull(namespace) : connection.host();
    }

    /** Not longer than an answer may take: what is not answered by then is asked again, if need be on a new connection. */
    Duration bounded(Duration within) {
        return within.compareTo(requestTimeout) < 0 ? within : requestTimeout;
    }

    /** The settings of a queue, with defaults. */
    public static Builder queue(String name) {
        return new Builder(new Entity(name, null));
    }

    /** The settings of a topic's subscription, with defaults. */
    public static Builder subscription(String topic, String name) {
        return new Builder(new Entity(topic, name));
    }

    /**
     * What messages are claimed from.
     *
     * @param name the queue or topic
     * @param subscription absent for a queue
     */
    record Entity(String name, @Nullable String subscription) {

        String path() {
            return subscription == null ? name : name + "/subscriptions/" + subscription;
        }

        @Override
        public String toString() {
            return path();
        }
    }

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        private final Entity entity;
        private boolean sessions;
        private @Nullable String connectionString;
        private @Nullable String namespace;
        private @Nullable TokenCredential credential;
        private boolean webSockets;
        private boolean scheduledRetries;
        private boolean emulatorAnywhere;
        private @Nullable Duration lockLength;
        private @Nullable String administrationEndpoint;
        private Duration requestTimeout = Duration.ofSeconds(10);
        private Duration silence = Duration.ofSeconds(30);

        private Builder(Entity entity) {
            this.entity = entity;
        }

        /**
         * The entity hands out sessions: messages with one session id are handled in their order, one at a time, over all workers. A worker has
         * as many sessions at once as it has slots.
         */
        public Builder sessions() {
            sessions = true;
            return this;
        }

        /** The namespace with a key, or the entity's own. The worker needs the right Listen. */
        public Builder connectionString(String text) {
            connectionString = text;
            return this;
        }

        /** The namespace by its host name, and an identity of {@code azure-identity}, instead of a connection string. */
        public Builder identity(String namespace, TokenCredential credential) {
            this.namespace = namespace;
            this.credential = credential;
            return this;
        }

        /** AMQP over WebSockets, on port 443. */
        public Builder webSockets() {
            webSockets = true;
            return this;
        }

        /**
         * A message that failed and has to wait comes back as a copy, which the queue keeps until it is due; by default the worker holds the message
         * and renews its lock. For queues without sessions only, since nobody can send to one subscription, and a copy is behind its successors.
         * Needs the right Send.
         */
        public Builder scheduledRetries() {
            scheduledRetries = true;
            return this;
        }

        /** Allows a connection string with {@code UseDevelopmentEmulator=true}, and so plain TCP, for hosts that are not local. */
        public Builder emulatorAnywhere() {
            emulatorAnywhere = true;
            return this;
        }

        /**
         * How long the entity locks a message. By default the administration API is asked, which needs HTTPS and the right Manage; nothing that a
         * worker with the right Listen can see says so. With it set, a worker asks that API for nothing but {@code backlog}.
         */
        public Builder lockLength(Duration length) {
            lockLength = length;
            return this;
        }

        /** Where the administration API answers; by default {@code https://<namespace>}. */
        public Builder administrationEndpoint(String uri) {
            administrationEndpoint = uri;
            return this;
        }

        /** How long Service Bus may take to answer anything, from 1 s (3 s with sessions) to 1 minute; 10 s by default. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = timeout;
            return this;
        }

        /**
         * After this long without a message a claim asks whether Service Bus is there at all, and whether the receiving link has gone silent;
         * from 1 s to 5 minutes, 30 s by default.
         */
        public Builder silence(Duration bound) {
            silence = bound;
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ConfigurationException naming every setting that cannot be used
         */
        public ServiceBusConfig build() {
            List<String> problems = new ArrayList<>();
            checkName(problems, entity.subscription() == null ? "queue" : "topic", entity.name());
            if (entity.subscription() != null) {
                checkName(problems, "subscription", entity.subscription());
            }
            ConnectionText connection = null;
            if (credential == null) {
                connection = ConnectionText.parse(problems, connectionString, entity, emulatorAnywhere);
            } else if (connectionString != null) {
                problems.add("identity: set, and so is connectionString");
            } else if (namespace == null || namespace.isBlank()) {
                problems.add("identity: the namespace must be its host name, such as orders.servicebus.windows.net");
            }
            if (connection != null && connection.isEmulator() && webSockets) {
                problems.add("webSockets: the emulator does not have them");
            }
            if (scheduledRetries && (sessions || entity.subscription() != null)) {
                problems.add("scheduledRetries: only for queues without sessions, and '" + entity
                        + (sessions ? "' has sessions" : "' is a subscription"));
            }
            // The SDK lets the service wait for a session for one second less.
            Duration shortest = Duration.ofSeconds(sessions ? 3 : 1);
            within(problems, "requestTimeout", requestTimeout, shortest, Duration.ofMinutes(1));
            within(problems, "silence", silence, Duration.ofSeconds(1), Duration.ofMinutes(5));
            if (lockLength != null) {
                within(problems, "lockLength", lockLength, Duration.ofSeconds(5), Duration.ofMinutes(5));
            }
            URI endpoint = administrationEndpoint == null ? null : endpoint(problems, administrationEndpoint);
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return new ServiceBusConfig(this, connection, endpoint);
        }

        private static void checkName(List<String> problems, String setting, @Nullable String name) {
            if (name == null || name.isBlank()) {
                problems.add(setting + ": must be set");
            }
        }

        private static @Nullable URI endpoint(List<String> problems, String text) {
            try {
                URI uri = URI.create(text);
                if (uri.getHost() != null
                        && uri.getScheme() != null
                        && uri.getScheme().startsWith("http")) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // reported below
            }
            problems.add("administrationEndpoint: '" + text + "' is not an http:// or https:// address");
            return null;
        }

        private static void within(
                List<String> problems, String setting, @Nullable Duration value, Duration least, Duration most) {
            if (value == null) {
                problems.add(setting + ": null, must be set");
            } else if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                problems.add(setting + ": " + value + " must be between " + least + " and " + most);
            }
        }
    }
}
