package dev.claimant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Kubernetes and Prometheus ask a worker: {@code /livez}, {@code /readyz} and {@code /metrics}, on the JDK's own HTTP server. */
final class Management implements AutoCloseable {

    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;

    /** One thread is always left for the probes: a scrape that hangs must not get the pod killed. */
    private final Semaphore scrapes = new Semaphore(THREADS - 1);

    private record Answer(int status, String text) {
        static Answer toProbe(String asked, @Nullable String whyNot) {
            return whyNot == null
                    ? new Answer(200, asked + "\n")
                    : new Answer(503, "not " + asked + ": " + whyNot + "\n");
        }
    }

    private Management(HttpServer server) {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "claimant-management");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
    }

    /**
     * Listens on all interfaces.
     *
     * @param port 0 for any free one
     * @param whyNotAlive absent for a worker that is alive
     * @param whyNotReady absent for a worker that is ready
     * @param metrics the text of {@code /metrics}; absent for none
     */
    static Management start(
            int port,
            Supplier<@Nullable String> whyNotAlive,
            Supplier<@Nullable String> whyNotReady,
            @Nullable Supplier<String> metrics) {
        Management management = new Management(listen(port));
        management.serve("/livez", () -> Answer.toProbe("alive", whyNotAlive.get()));
        management.serve("/readyz", () -> Answer.toProbe("ready", whyNotReady.get()));
        if (metrics != null) {
            management.serve("/metrics", () -> management.scrape(metrics));
        }
        try {
            management.server.start();
        } catch (Throwable e) { // the port would stay in use, and no request would be answered
            management.close();
            throw e;
        }
        return management;
    }

    private static HttpServer listen(int port) {
        try {
            return HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new ConfigurationException(
                    List.of("managementPort: cannot listen on " + port + ": " + e.getMessage()));
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private Answer scrape(Supplier<String> metrics) {
        if (!scrapes.tryAcquire()) {
            return new Answer(503, "too many scrapes are under way\n");
        }
        try {
            return new Answer(200, metrics.get());
        } finally {
            scrapes.release();
        }
    }

    private void serve(String path, Supplier<Answer> answer) {
        server.createContext(path, exchange -> {
            boolean longer = !exchange.getRequestURI().getPath().equals(path); // a context also matches longer paths
            respond(exchange, longer ? new Answer(404, "no such path\n") : answerOrFailure(answer));
        });
    }

    private static Answer answerOrFailure(Supplier<Answer> answer) {
        try {
            return answer.get();
        } catch (Throwable e) { // an Error too: otherwise the client waits, and the exchange stays open
            return new Answer(500, e + "\n");
        }
    }

    private static void respond(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
