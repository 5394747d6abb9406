package dev.claimant.sample;

import com.rabbitmq.client.ConnectionFactory;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.sample.hello.HelloSender;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where the broker is, and how its queue was made. */
record RabbitMq(
        String url,
        String queue,
        boolean classic,
        @Nullable String managementUrl,
        @Nullable Duration consumerTimeout) {

    private static final int YEAR = 365 * 86_400;

    /** Problems go into the environment's list. */
    static RabbitMq read(Environment env) {
        return new RabbitMq(
                env.required("RABBITMQ_URL", "amqp://user:password@host:5672/vhost, or amqps://"),
                env.textOr("RABBITMQ_QUEUE", "hello"),
                env.text("RABBITMQ_QUEUE_TYPE") != null
                        && env.oneOf("RABBITMQ_QUEUE_TYPE", List.of("quorum", "classic"))
                                .equals("classic"),
                env.text("RABBITMQ_MANAGEMENT_URL"),
                env.secondsIfSet("RABBITMQ_CONSUMER_TIMEOUT_SECONDS", 10, YEAR));
    }

    RabbitMqConfig config() {
        RabbitMqConfig.Builder config = RabbitMqConfig.queue(url, queue);
        if (classic) {
            config.classic();
        }
        if (managementUrl != null) {
            config.management(managementUrl);
        }
        if (consumerTimeout != null) {
            config.consumerTimeout(consumerTimeout);
        }
        return config.build();
    }

    void send(int messages, int seconds) throws IOException {
        HelloSender.send(connections(), queue, messages, seconds);
    }

    private ConnectionFactory connections() {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(url);
            if (factory.isSSL()) {
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
            }
            return factory;
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new UsageException("RABBITMQ_URL: cannot be used: " + e.getMessage());
        }
    }
}
