package dev.claimant.sample;

import static java.util.Map.entry;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import dev.claimant.ConfigurationException;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.sample.hello.HelloSender;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker is, and how its queue was made.
 *
 * @param certified whether there is a client certificate
 * @param passwordFile the password of the address's user, if it is not in the address
 */
record RabbitMq(
        RabbitMqConfig config,
        String url,
        String queue,
        @Nullable Duration consumerTimeout,
        boolean certified,
        @Nullable Path passwordFile) {

    private static final int YEAR = 365 * 86_400;

    private static final String URL = "RABBITMQ_URL";
    private static final String QUEUE = "RABBITMQ_QUEUE";
    private static final String TYPE = "RABBITMQ_QUEUE_TYPE";
    private static final String MANAGEMENT = "RABBITMQ_MANAGEMENT_URL";
    private static final String CONSUMER_TIMEOUT = "RABBITMQ_CONSUMER_TIMEOUT_SECONDS";
    private static final String AUTHORITY = "RABBITMQ_CA_FILE";
    private static final String CERTIFICATE = "RABBITMQ_CLIENT_CERTIFICATE_FILE";
    private static final String PASSWORD = "RABBITMQ_PASSWORD_FILE";
    private static final String KEY = "RABBITMQ_CLIENT_KEY_FILE";

    /** Which variable each of the source's own settings comes from. */
    static final VariableNames VARIABLES = new VariableNames(Map.ofEntries(
            entry("uri", URL),
            entry("queue", QUEUE),
            entry("deadLetterQueue", QUEUE),
            entry("management", MANAGEMENT),
            entry("consumerTimeout", CONSUMER_TIMEOUT),
            entry("certificateAuthority", AUTHORITY),
            entry("clientCertificate", CERTIFICATE),
            entry("passwordFile", PASSWORD),
            entry("classic", TYPE)));

    /** Problems go into the environment's list; then there is nothing to use. */
    static @Nullable RabbitMq read(Environment env) {
        String url = env.required(URL, "amqp://user:password@host:5672/vhost, or amqps://");
        String queue = env.textOr(QUEUE, "hello");
        String type = env.text(TYPE) == null ? "quorum" : env.oneOf(TYPE, List.of("quorum", "classic"));
        String management = env.text(MANAGEMENT);
        Duration consumerTimeout = env.secondsIfSet(CONSUMER_TIMEOUT, 10, YEAR);
        Path authority = env.fileIfSet(AUTHORITY);
        Path certificate = env.fileIfSet(CERTIFICATE);
        Path key = env.fileIfSet(KEY);
        env.bothOrNeither(CERTIFICATE, KEY);
        Path password = env.fileIfSet(PASSWORD);

        RabbitMqConfig.Builder config = RabbitMqConfig.queue(url, queue);
        if (type.equals("classic")) {
            config.classic();
        }
        if (management != null) {
            config.management(management);
        }
        if (consumerTimeout != null) {
            config.consumerTimeout(consumerTimeout);
        }
        if (authority != null) {
            config.certificateAuthority(authority);
        }
        if (certificate != null && key != null) {
            config.clientCertificate(certificate, key);
        }
        if (password != null) {
            config.passwordFile(password);
        }
        try {
            return new RabbitMq(config.build(), url, queue, consumerTimeout, certificate != null, password);
        } catch (ConfigurationException e) {
            VARIABLES.tell(env, e);
            return null;
        }
    }

    void send(int messages, int seconds) throws IOException {
        HelloSender.send(connections(), queue, messages, seconds);
    }

    private ConnectionFactory connections() throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(url);
            if (passwordFile != null) {
                factory.setPassword(Files.readString(passwordFile).strip());
            }
            if (factory.isSSL()) {
                SSLContext given = config.tls();
                factory.useSslProtocol(given == null ? SSLContext.getDefault() : given);
                factory.enableHostnameVerification();
                if (certified && URI.create(url).getRawUserInfo() == null) {
                    factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
                }
            }
            return factory;
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new UsageException(URL + ": cannot be used: " + e.getMessage());
        }
    }
}
