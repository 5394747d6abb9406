package dev.claimant.servicebusserver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The server as a program: prints the AMQP port and that of the administration API on one line, and ends when its standard input does, which is
 * when the process that started it is gone. {@link ServerProcess} starts it.
 */
public final class ServerMain {

    private ServerMain() {}

    /**
     * Starts the server and waits for the end of the standard input.
     *
     * @param args {@code directory PATH}, {@code port N} and {@code admin-port N}, each of which may be absent, then any number of {@code queue NAME LOCK_SECONDS MAX_DELIVERY_COUNT}, {@code sessions} with the same for a queue that requires
     *     them, {@code subscription TOPIC NAME LOCK_SECONDS MAX_DELIVERY_COUNT}, {@code given LOCK_SECONDS} for all of {@link GivenEntities} and {@code key NAME SECRET RIGHT}
     */
    @SuppressWarnings("SystemOut") // the ports are for the process that started this one
    public static void main(String[] args) throws IOException {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        String directory = option("directory", rest);
        String port = option("port", rest);
        String adminPort = option("admin-port", rest);
        try (ServiceBusServer server = ServiceBusServer.start(
                directory == null ? null : Path.of(directory),
                port == null ? 0 : Integer.parseInt(port),
                adminPort == null ? 0 : Integer.parseInt(adminPort))) {
            while (!rest.isEmpty()) {
                add(server, rest);
            }
            System.out.println(server.port() + " " + server.adminPort());
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        }
    }

    private static @Nullable String option(String name, Deque<String> rest) {
        if (!name.equals(rest.peek())) {
            return null;
        }
        rest.remove();
        return rest.remove();
    }

    private static void add(ServiceBusServer server, Deque<String> rest) {
        String what = rest.remove();
        switch (what) {
            case "queue" -> server.addQueue(rest.remove(), options(rest));
            case "sessions" -> server.addQueue(rest.remove(), options(rest).requireSession());
            case "subscription" -> {
                String topic = rest.remove();
                server.addTopic(topic);
                server.addSubscription(topic, rest.remove(), options(rest));
            }
            case "given" -> {
                server.addTopic("news");
                GivenEntities.all(seconds(rest)).forEach(server::addQueue);
            }
            case "key" -> server.addKey(rest.remove(), rest.remove(), Right.valueOf(rest.remove()));
            default ->
                throw new IllegalArgumentException("neither queue, sessions, subscription, given nor key: " + what);
        }
    }

    private static EntityOptions options(Deque<String> rest) {
        return EntityOptions.defaults().lockDuration(seconds(rest)).maxDeliveryCount(Integer.parseInt(rest.remove()));
    }

    private static Duration seconds(Deque<String> rest) {
        return Duration.ofSeconds(Long.parseLong(rest.remove()));
    }
}
