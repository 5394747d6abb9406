package dev.claimant.servicebusserver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The server as a program: prints the AMQP port and that of the administration API on one line, and ends when its standard input does, which is
 * when the process that started it is gone. {@link ServerProcess} starts it.
 */
public final class ServerMain {

    private ServerMain() {}

    /**
     * Starts the server and waits for the end of the standard input.
     *
     * @param args any number of {@code queue NAME LOCK_SECONDS MAX_DELIVERY_COUNT}, {@code sessions} with the same for a queue that requires
     *     them, {@code subscription TOPIC NAME LOCK_SECONDS MAX_DELIVERY_COUNT} and {@code key NAME SECRET RIGHT}
     */
    @SuppressWarnings("SystemOut") // the ports are for the process that started this one
    public static void main(String[] args) throws IOException {
        try (ServiceBusServer server = ServiceBusServer.start()) {
            Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
            while (!rest.isEmpty()) {
                add(server, rest);
            }
            System.out.println(server.port() + " " + server.adminPort());
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        }
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
            case "key" -> server.addKey(rest.remove(), rest.remove(), Right.valueOf(rest.remove()));
            default -> throw new IllegalArgumentException("neither queue, sessions, subscription nor key: " + what);
        }
    }

    private static EntityOptions options(Deque<String> rest) {
        return EntityOptions.defaults()
                .lockDuration(Duration.ofSeconds(Long.parseLong(rest.remove())))
                .maxDeliveryCount(Integer.parseInt(rest.remove()));
    }
}
