package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.SocketConfigurators;
import com.rabbitmq.client.impl.CredentialsProvider;
import com.rabbitmq.client.impl.CredentialsRefreshService;
import com.rabbitmq.client.impl.DefaultCredentialsRefreshService;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens connections as the settings say. None recovers by itself: what a connection held is lost with it, and that must be told. */
final class Connections {

    private static final int CLOSED_WITHIN_MILLIS = 1_000;

    private final RabbitMqConfig config;
    private final ConnectionFactory factory;

    Connections(RabbitMqConfig config) {
        this(config, factory(config.largestBody));
    }

    private Connections(RabbitMqConfig config, ConnectionFactory factory) {
        this.config = config;
        this.factory = factory;
        factory.setVirtualHost(config.access.vhost);
        CredentialsProvider provider = config.access.credentials;
        if (provider != null) {
            factory.setCredentialsProvider(provider);
            factory.setCredentialsRefreshService(Refreshing.SERVICE);
        } else {
            String[] credentials = Uris.credentials(config.access.uri);
            factory.setUsername(credentials[0]);
            factory.setPassword(credentials[1]);
        }
        int timeout = Math.toIntExact(config.requestTimeout.toMillis());
        factory.setConnectionTimeout(timeout);
        factory.setHandshakeTimeout(timeout);
        factory.setChannelRpcTimeout(timeout);
        factory.setRequestedHeartbeat(Math.toIntExact(config.requestTimeout.toSeconds()));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setSharedExecutor(new SameThreadExecutor());
        factory.setThreadFactory(task -> {
            Thread thread = new Thread(task, "claimant-rabbitmq-" + config.queue);
            thread.setDaemon(true);
            return thread;
        });
        if (config.access.identified) {
            factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
        }
    }

    /** Releases of the client before 5.37 do not begin without Netty, which later ones can do without. */
    private static ConnectionFactory factory(int mostBytes) {
        try {
            return BodyLimit.factory(mostBytes);
        } catch (NoClassDefFoundError missing) {
            throw new ConfigurationException(List.of("amqp-client: this release needs a library that is missing ("
                    + missing.getMessage() + "); use amqp-client 5.37 or later (with Spring Boot by the property"
                    + " rabbit-amqp-client.version), or add io.netty:netty-handler"));
        }
    }

    /** Connections that read a body of any size. */
    static Connections unlimited(RabbitMqConfig config) {
        return new Connections(config, factory(BodyLimit.LARGEST_OF_ALL));
    }

    /**
     * When nothing was heard for this long, the connection has ended, for both sides: each gives up after two of the other's signs of life
     * did not come.
     *
     * @see <a href="https://www.rabbitmq.com/docs/heartbeats">Heartbeats</a>
     */
    Duration silence() {
        return Duration.ofNanos(3 * config.requestTimeout.toNanos());
    }

    /** SNI. Left alone, the JDK says only names with a dot, and the name of a Kubernetes service may have none. */
    private static void sayHost(Socket socket, String host) {
        if (socket instanceof SSLSocket secure && !host.matches("[0-9.]+|\\[.*]")) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            secure.setSSLParameters(parameters);
        }
    }

    /** The client's own default would trust any certificate. */
    private SSLContext tls() {
        SSLContext given = config.access.tls();
        try {
            return given != null ? given : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /**
     * Connects.
     *
     * @param use what the broker's own lists call the connection
     * @throws SourceException if the broker cannot be reached or refuses
     */
    Connection open(String use) {
        SourceException last = null;
        for (String host : config.access.hosts) {
            try {
                return to(host).newConnection("claimant " + config.queue + " " + use);
            } catch (IOException | TimeoutException | UncheckedIOException e) {
                SourceException failed = new SourceException(
                        "cannot connect to " + host + " (" + Uris.hidden(config.access.uri) + "): "
                                + RabbitMqErrors.describe(e) + config.access.hint(),
                        e);
                if (last != null) {
                    failed.addSuppressed(last);
                }
                last = failed;
            }
        }
        throw Objects.requireNonNull(last);
    }

    /** With the certificates of now. */
    private ConnectionFactory to(String hostAndPort) {
        URI uri = URI.create(config.access.uri.getScheme() + "://" + hostAndPort);
        ConnectionFactory to = factory.clone();
        to.setHost(uri.getHost());
        if ("amqps".equals(uri.getScheme())) {
            to.useSslProtocol(tls());
            to.setSocketConfigurator(SocketConfigurators.defaultConfigurator()
                    .andThen(SocketConfigurators.enableHostnameVerification())
                    .andThen(socket -> sayHost(socket, uri.getHost())));
        }
        to.setPort(uri.getPort() > 0 ? uri.getPort() : ConnectionFactory.portOrDefault(-1, to.isSSL()));
        return to;
    }

    /** A new channel; the client's own answer to "no more" is nothing at all. */
    static Channel channel(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the broker grants no more channels on this connection");
        }
        return channel;
    }

    /**
     * Ends it, and waits for that within a bound: where the broker has stopped reading and a thread is stuck in sending, the client
     * waits for that thread before all else.
     */
    static void close(Connection connection) {
        Thread closing = new Thread(() -> connection.abort(CLOSED_WITHIN_MILLIS), "claimant-rabbitmq-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(2 * CLOSED_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Renews credentials that expire, on the connections that use them. Loaded by those alone who have such. */
    private static final class Refreshing {

        static final CredentialsRefreshService SERVICE =
                new DefaultCredentialsRefreshService.DefaultCredentialsRefreshServiceBuilder()
                        .scheduler(new ScheduledThreadPoolExecutor(1, Refreshing::thread))
                        .build();

        private static Thread thread(Runnable task) {
            Thread thread = new Thread(task, "claimant-rabbitmq-credentials");
            thread.setDaemon(true);
            return thread;
        }
    }
}
