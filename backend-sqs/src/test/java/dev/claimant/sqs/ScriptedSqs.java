package dev.claimant.sqs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What AWS says and no server of the tests does: stands before a real server, passes on what is not scripted, and counts the actions. The
 * answers are those of the service's JSON protocol.
 */
final class ScriptedSqs implements AutoCloseable {

    /**
     * An answer in the place of the server's.
     *
     * @param status 200 for an answer with failed entries, 4xx and 5xx for an error
     */
    record Answer(int status, String body) {

        static Answer error(int status, String code, String message) {
            return new Answer(
                    status, "{\"__type\":\"com.amazonaws.sqs#" + code + "\",\"message\":\"" + message + "\"}");
        }

        /** One entry of a batch that failed, with the id of the first. */
        static Answer entryFailed(String code, String message) {
            return new Answer(
                    200,
                    "{\"Successful\":[],\"Failed\":[{\"Id\":\"0\",\"SenderFault\":true,\"Code\":\"" + code
                            + "\",\"Message\":\"" + message + "\"}]}");
        }
    }

    private static final Pattern QUEUE_URL = Pattern.compile("\"QueueUrl\":\"([^\"]+)\"");

    final List<String> actions = new CopyOnWriteArrayList<>();

    /** What was asked of which queue. */
    record Call(String action, String queueUrl) {}

    final List<Call> calls = new CopyOnWriteArrayList<>();

    private final Map<String, Answer> scripted = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<?>> held = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final URI behind;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();

    ScriptedSqs(URI behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on this action, {@code DeleteMessageBatch}, gets this answer. */
    void script(String action, Answer answer) {
        scripted.put(action, answer);
    }

    /** The same, for one queue alone. */
    void scriptFor(String action, String queueUrl, Answer answer) {
        scripted.put(action + " " + queueUrl, answer);
    }

    /** The real server's answers to this action come when this is done. */
    void hold(String action, CompletableFuture<?> until) {
        held.put(action, until);
    }

    /** How many requests of one kind were under way at once. */
    int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** From now on the real server answers again. */
    void unscript() {
        scripted.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String action = target == null ? "" : target.substring(target.indexOf('.') + 1);
            actions.add(action);
            calls.add(new Call(action, queueUrl(body)));
            Answer answer = scripted.getOrDefault(action + " " + queueUrl(body), scripted.get(action));
            if (answer == null) {
                AtomicInteger now = underWay.computeIfAbsent(action, any -> new AtomicInteger());
                mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
                answer = passedOn(exchange, body);
                now.decrementAndGet();
                held.getOrDefault(action, CompletableFuture.completedFuture(null))
                        .join();
            }
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String queueUrl(byte[] body) {
        Matcher matcher = QUEUE_URL.matcher(new String(body, StandardCharsets.UTF_8));
        return matcher.find() ? matcher.group(1) : "";
    }

    private Answer passedOn(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()));
        for (String header : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        try {
            HttpResponse<String> response =
                    client.send(request.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
