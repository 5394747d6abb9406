package dev.claimant.spring;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * The application's RabbitMQ, of a container or of {@code spring.rabbitmq}, for workers whose properties name none.
 *
 * @param uri with the login
 * @param tls null without TLS
 */
record RabbitMqConnection(Supplier<String> uri, @Nullable Supplier<SSLContext> tls) {

    /** The first of the addresses: a worker connects to one broker. */
    static RabbitMqConnection of(RabbitConnectionDetails details) {
        SslBundle bundle = details.getSslBundle();
        return new RabbitMqConnection(
                () -> uri(details, bundle != null), bundle == null ? null : bundle::createSslContext);
    }

    private static String uri(RabbitConnectionDetails details, boolean tls) {
        RabbitConnectionDetails.Address address = details.getFirstAddress();
        String user = details.getUsername();
        String password = details.getPassword();
        String login = user == null ? "" : encoded(user) + (password == null ? "" : ":" + encoded(password)) + "@";
        String virtualHost = details.getVirtualHost();
        return (tls ? "amqps://" : "amqp://") + login + address.host() + ":" + address.port()
                + (virtualHost == null ? "" : "/" + encoded(virtualHost));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
