package dev.claimant.rabbitmq;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/** The management API as an operator and KEDA use it. */
public final class ManagementApi {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ManagementApi() {}

    /** What KEDA's rabbitmq scaler asks with protocol http, and what it takes from the answer. */
    static long messages(String management, String queue) {
        Map<String, Object> answer = new Yaml().load(send(request(management, "/api/queues/%2F/" + queue)));
        return answer.get("messages") instanceof Number messages ? messages.longValue() : 0;
    }

    /** With which arguments the queue was declared. */
    static Map<String, Object> arguments(String management, String queue) {
        Map<String, Map<String, Object>> answer =
                new Yaml().load(send(request(management, "/api/queues/%2F/" + queue)));
        return Objects.requireNonNull(answer.get("arguments"));
    }

    /** The path begins with {@code /api/}. */
    public static void put(String management, String path, String json) {
        send(request(management, path).PUT(BodyPublishers.ofString(json)));
    }

    static void post(String management, String path, String json) {
        send(request(management, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    static void delete(String management, String path) {
        send(request(management, path).DELETE());
    }

    private static HttpRequest.Builder request(String management, String path) {
        URI api = URI.create(management);
        String user = Base64.getEncoder().encodeToString(api.getUserInfo().getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create("http://" + api.getHost() + ":" + api.getPort() + path))
                .header("Authorization", "Basic " + user);
    }

    private static String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
