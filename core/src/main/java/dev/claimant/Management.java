package dev.claimant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Kubernetes and Prometheus ask a worker: {@code /livez}, {@code /readyz} and {@code /metrics}, on the JDK's own HTTP server. */
final class Management implements AutoCloseable {

    private final HttpServer server;

    private Management(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens on all interfaces.
     *
     * @param port 0 for any free one
     * @param metrics the text of {@code /metrics}; absent for none
     */
    static Management start(
            int port, BooleanSupplier alive, BooleanSupplier ready, @Nullable Supplier<String> metrics) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new ConfigurationException(
                    List.of("managementPort: cannot listen on " + port + ": " + e.getMessage()));
        }
        server.createContext("/livez", exchange -> answer(exchange, alive.getAsBoolean(), "alive", "not alive"));
        server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean(), "ready", "not ready"));
        if (metrics != null) {
            server.createContext("/metrics", exchange -> respond(exchange, 200, metrics.get()));
        }
        server.start();
        return new Management(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean yes, String ifYes, String ifNo) throws IOException {
        respond(exchange, yes ? 200 : 503, (yes ? ifYes : ifNo) + "\n");
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
