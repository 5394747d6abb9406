package dev.claimant.servicebusserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The administration API as far as runtime counts and settings go: {@code GET /<entity>?api-version=2021-05}, an Atom entry. */
final class AdminEndpoint {

    private static final String NAMESPACE = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static final String COUNTS = "http://schemas.microsoft.com/netservices/2011/06/servicebus";

    private static final String BEARER = "Bearer ";

    private final Map<String, String> described = new ConcurrentHashMap<>();
    private final ServiceBusServer server;
    private final AccessKeys keys;
    private final int port;
    private HttpServer http;

    AdminEndpoint(ServiceBusServer server, AccessKeys keys, int port) throws IOException {
        this.server = server;
        this.keys = keys;
        http = Ports.listen(port, this::listen);
        this.port = http.getAddress().getPort();
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.createContext("/", this::answer);
        listening.start();
        return listening;
    }

    int port() {
        return port;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        int status = 200;
        String body;
        try {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            if (token == null || !grant(token).covers(path, Right.MANAGE)) {
                throw new AmqpError(AmqpError.UNAUTHORIZED, "Manage claim is required to perform this operation.");
            }
            EntityOptions options = server.options(path);
            // A missing entity is an empty feed.
            body = options == null
                    ? "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Publicly Listed Services</title></feed>"
                    : entry(path, options, server.counts(path));
        } catch (AmqpError e) {
            status = 401;
            body = "<Error><Code>401</Code><Detail>" + e.description() + "</Detail></Error>";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/atom+xml;type=entry;charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private AccessKeys.Grant grant(String authorization) throws AmqpError {
        return authorization.startsWith(BEARER)
                ? keys.checkIdentity(authorization.substring(BEARER.length()))
                : keys.check(authorization);
    }

    /** Has the description of the entity say this, too: of what is not modelled here, such as forwarding. */
    void describe(String path, String element, String value) {
        described.merge(
                Entities.key(path),
                "<" + element + ">" + value + "</" + element + ">",
                (before, next) -> before + next);
    }

    private String entry(String path, EntityOptions options, Counts counts) {
        boolean isSubscription = path.contains("/subscriptions/");
        String element = isSubscription ? "SubscriptionDescription" : "QueueDescription";
        return "<entry xmlns=\"http://www.w3.org/2005/Atom\"><title type=\"text\">" + path
                + "</title><content type=\"application/xml\"><" + element + " xmlns=\"" + NAMESPACE
                + "\"><LockDuration>" + options.lockDuration() + "</LockDuration><RequiresSession>"
                + options.requiresSession() + "</RequiresSession><MaxDeliveryCount>" + options.maxDeliveryCount()
                + "</MaxDeliveryCount><Status>Active</Status>" + described.getOrDefault(Entities.key(path), "")
                + "<CountDetails xmlns:d2p1=\"" + COUNTS
                + "\"><d2p1:ActiveMessageCount>" + counts.active()
                + "</d2p1:ActiveMessageCount><d2p1:DeadLetterMessageCount>"
                + counts.deadLetter() + "</d2p1:DeadLetterMessageCount><d2p1:ScheduledMessageCount>"
                + counts.scheduled()
                + "</d2p1:ScheduledMessageCount></CountDetails></" + element + "></content></entry>";
    }

    void pause() {
        http.stop(0);
    }

    void resume() throws IOException {
        http = Ports.listen(port, this::listen);
    }

    void close() {
        http.stop(0);
    }
}
