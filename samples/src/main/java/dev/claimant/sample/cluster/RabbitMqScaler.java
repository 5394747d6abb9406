package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** KEDA's {@code rabbitmq} scaler over the management API, mode {@code QueueLength}: ready and unacknowledged messages. */
public final class RabbitMqScaler implements Scaler {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Trigger trigger;
    private final HttpRequest request;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /**
     * Asks as the trigger says.
     *
     * @param host the management API, {@code http://user:password@host:15672/vhost}, as KEDA is given it
     */
    public RabbitMqScaler(Trigger trigger, String host) {
        this.trigger = trigger;
        URI uri = URI.create(host);
        String vhost = uri.getPath().length() < 2 ? "/" : uri.getPath().substring(1);
        String queue = Objects.requireNonNull(trigger.metadata().get("queueName"));
        String path = "/api/queues/" + encoded(vhost) + "/" + encoded(queue);
        this.request = HttpRequest.newBuilder(
                        URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes(uri.getUserInfo())))
                .timeout(TIMEOUT)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public Reading read() throws IOException {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(request.uri() + " answered " + answer.statusCode() + " " + answer.body());
            }
            // a queue that the statistics do not know yet has no such field, and KEDA's zero value is 0
            Object messages = queue(answer.body()).get("messages");
            return new Reading(trigger, messages instanceof Number number ? number.doubleValue() : 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** JSON is YAML. */
    private static Map<?, ?> queue(String body) throws IOException {
        if (new Yaml(new SafeConstructor(new LoaderOptions())).load(body) instanceof Map<?, ?> queue) {
            return queue;
        }
        throw new IOException("no queue: " + body);
    }

    @Override
    public void close() {}
}
