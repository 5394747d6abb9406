package dev.claimant.sample;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.claimant.SourceException;
import dev.claimant.rabbitmq.ManagementApi;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.rabbitmq.TestServer;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.RabbitMqScaler;
import dev.claimant.sample.hello.HelloSender;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A virtual host of its own for a test, on the one broker that all tests share, with the users that the manifests' README asks for. */
public final class HelloBroker {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final TestServer SERVER = TestServer.get();
    private static final URI AMQP = URI.create(SERVER.uri());
    private static final String MANAGEMENT =
            Objects.requireNonNull(SERVER.management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL is not set");

    private final String vhost = "hello-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();

    public HelloBroker() {
        ManagementApi.put(MANAGEMENT, "/api/vhosts/" + vhost, "{}");
        ManagementApi.put(MANAGEMENT, "/api/permissions/" + vhost + "/" + user(AMQP), permissions(".*", ".*", ".*"));
        RabbitMqSource.declare(
                RabbitMqConfig.queue(amqp(AMQP.getRawUserInfo()), "hello").build());
        allow("hello_worker", "", permissions("^hello(\\\\..*)?$", "^amq\\\\.default$", "^hello(\\\\..*)?$"));
        allow("hello_producer", "", permissions("^$", "^amq\\\\.default$", "^$"));
        allow("hello_scaler", "management", permissions("^$", "^$", "^hello$"));
    }

    private void allow(String user, String tags, String permissions) {
        ManagementApi.put(
                MANAGEMENT, "/api/users/" + user, "{\"password\":\"" + user + "\",\"tags\":\"" + tags + "\"}");
        ManagementApi.put(MANAGEMENT, "/api/permissions/" + vhost + "/" + user, permissions);
    }

    private static String permissions(String configure, String write, String read) {
        return "{\"configure\":\"" + configure + "\",\"write\":\"" + write + "\",\"read\":\"" + read + "\"}";
    }

    private static String user(URI uri) {
        return uri.getUserInfo().split(":", 2)[0];
    }

    private String amqp(String credentials) {
        return "amqp://" + credentials + "@" + AMQP.getHost() + ":" + AMQP.getPort() + "/" + vhost;
    }

    /** As a worker that may look at the management API. */
    public RabbitMqConfig.Builder config() {
        return RabbitMqConfig.queue(amqp("hello_worker:hello_worker"), "hello").management(MANAGEMENT);
    }

    /** Asks for greetings, as the publisher. */
    public void send(int greetings, int seconds) throws IOException {
        ConnectionFactory publisher = new ConnectionFactory();
        try {
            publisher.setUri(amqp("hello_producer:hello_producer"));
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        HelloSender.send(publisher, "hello", greetings, seconds);
    }

    /** Sends one of the messages that wait a second time, with all that makes it this message, as by a publisher that got no answer. */
    public void repeatOne() {
        ConnectionFactory administrator = new ConnectionFactory();
        try {
            administrator.setUri(amqp(AMQP.getRawUserInfo()));
            try (Connection connection = administrator.newConnection();
                    Channel channel = connection.createChannel()) {
                GetResponse message = channel.basicGet("hello", false);
                channel.basicNack(message.getEnvelope().getDeliveryTag(), false, true);
                channel.confirmSelect();
                channel.basicPublish("", "hello", message.getProps(), message.getBody());
                channel.waitForConfirmsOrDie();
            }
        } catch (IOException
                | InterruptedException
                | TimeoutException
                | URISyntaxException
                | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills the broker, and starts it again on what it had stored. */
    public void kill() {
        SERVER.kill();
    }

    /** How many are in the queue or in work. */
    public long messages() {
        try (RabbitMqSource source = RabbitMqSource.of(config().build())) {
            return source.backlog().scaler();
        } catch (SourceException e) {
            return -1; // the management API is slow to come back
        }
    }

    /** Asks as the scaler's user may. */
    public RabbitMqScaler scaler(Trigger trigger) {
        return new RabbitMqScaler(trigger, scalerApi());
    }

    /** What one user needs who runs a manifest on this machine: the worker's login, and the management API's. */
    public Map<String, String> environment() {
        return Map.of("RABBITMQ_URL", amqp("hello_worker:hello_worker"), "RABBITMQ_MANAGEMENT_URL", MANAGEMENT);
    }

    /** Of a user who may do everything, since one sends and works there. */
    Map<String, String> environmentOfOneUser() {
        return Map.of("RABBITMQ_URL", amqp(AMQP.getRawUserInfo()), "RABBITMQ_MANAGEMENT_URL", MANAGEMENT);
    }

    private String scalerApi() {
        URI api = URI.create(MANAGEMENT);
        return "http://hello_scaler:hello_scaler@" + api.getHost() + ":" + api.getPort() + "/" + vhost;
    }

    /** Pods whose Secrets name this virtual host. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(overrides);
        all.put("CLAIMANT_MANAGEMENT_PORT", "0"); // pods have a network each, processes share one
        return new Pods(
                Map.of(
                        "hello-rabbitmq", Map.of("url", amqp("hello_worker:hello_worker")),
                        "hello-rabbitmq-producer", Map.of("url", amqp("hello_producer:hello_producer"))),
                all,
                folder);
    }
}
