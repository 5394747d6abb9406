package dev.claimant.rabbitmq;

import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The management plugin's HTTP API. Its numbers are a few seconds old; those of a new queue come up to ten seconds late and count as
 * none until then.
 *
 * @see <a href="https://www.rabbitmq.com/docs/management#http-api">HTTP API</a>
 */
final class ManagementClient {

    private final RabbitMqConfig config;
    private final URI api;
    private final String authorization;
    private @Nullable SSLContext tls;
    private HttpClient client;

    ManagementClient(RabbitMqConfig config, URI api) {
        this.config = config;
        this.api = api;
        String user = String.join(":", Uris.credentials(api));
        authorization = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        tls = config.access.tls();
        client = client(tls);
    }

    private HttpClient client(@Nullable SSLContext tls) {
        // The client would use a connection of HTTP/2 on and on after it has silently died.
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.requestTimeout);
        if (tls != null) {
            builder.sslContext(tls);
        }
        return builder.build();
    }

    /** With the certificates of now. */
    private synchronized HttpClient client() {
        SSLContext now = config.access.tls();
        if (now != tls) {
            tls = now;
            client = client(now);
        }
        return client;
    }

    Backlog backlog() {
        String queue = queue(config.queue);
        long delayed = 0;
        for (String retryQueue : Topology.retryQueues(config)) {
            delayed += number(queue(retryQueue), "messages");
        }
        String dead = config.deadLetterQueue;
        return new Backlog(
                number(queue, "messages"),
                OptionalLong.of(number(queue, "messages_ready")),
                OptionalLong.of(number(queue, "messages_unacknowledged")),
                OptionalLong.of(delayed),
                dead == null ? OptionalLong.empty() : OptionalLong.of(number(queue(dead), "messages")),
                false);
    }

    /** What never changes while a worker runs, or only by an administrator's hand. */
    QueueDescription description(String queue) {
        return new QueueDescription(get(queue, QueueDescription.COLUMNS));
    }

    /** Whether the API was there and refused: what it was asked for is set wrong. */
    boolean refused(SourceException e) {
        return e.getCause() == null;
    }

    private static long number(String queue, String field) {
        Matcher value = Pattern.compile("\"" + field + "\":(\\d+)").matcher(queue);
        return value.find() ? Long.parseLong(value.group(1)) : 0;
    }

    private String queue(String name) {
        return get(name, "");
    }

    private String get(String name, String query) {
        String path = "/api/queues/" + encoded(config.access.vhost) + "/" + encoded(name) + query;
        HttpRequest request = HttpRequest.newBuilder(address(path))
                .header("Authorization", authorization)
                .timeout(config.requestTimeout)
                .build();
        try {
            HttpResponse<String> answer = client().send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            throw new SourceException(
                    "cannot look at " + name + ": " + Uris.hidden(api) + path + " answered " + answer.statusCode() + " "
                            + answer.body(),
                    null);
        } catch (IOException e) {
            throw RabbitMqErrors.failed("look at " + name + " at", Uris.hidden(api), e);
        } catch (InterruptedException e) {
            throw RabbitMqErrors.interrupted("look at", name, e);
        }
    }

    private URI address(String path) {
        int port = api.getPort();
        String prefix = api.getRawPath() == null ? "" : api.getRawPath().replaceFirst("/$", "");
        return URI.create(api.getScheme() + "://" + api.getHost() + (port < 0 ? "" : ":" + port) + prefix + path);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
