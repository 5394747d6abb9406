package dev.claimant.rabbitmq;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;

/**
 * What lies between one source and the broker: it can be cut, hold back answers, or break. Unlike the contract's own wire it breaks only
 * after what the source had said: completions are not confirmed, and one that got lost on its way would be no fault of the source.
 */
final class Cable implements AutoCloseable {

    /** Far longer than it takes to hand on what has been read. */
    private static final Duration HANDED_ON = Duration.ofMillis(30);

    private final ServerSocket entrance;
    private final String host;
    private final int port;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean passesRequests = true;
    private volatile boolean passesAnswers = true;

    Cable(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** How many connections the broker has through here. */
    int links() {
        return links.size();
    }

    /** From now on, what does not pass is lost, and neither side is told. */
    void pass(boolean requests, boolean answers) {
        passesRequests = requests;
        passesAnswers = answers;
    }

    /** Whole again, for new connections: those that missed something end. */
    void mend() {
        pass(true, true);
        links.stream().filter(link -> link.missedSomething).forEach(Link::hangUp);
    }

    /**
     * Ends all connections; returns when the broker has ended them too. What the client had sent before is with the
     * broker. New connections can be made.
     */
    void breakLinks() {
        List<Link> broken = List.copyOf(links);
        soon().during(HANDED_ON).until(() -> broken.stream().allMatch(Link::hasSentAll));
        broken.forEach(Link::hangUp);
        soon().until(() -> broken.stream().noneMatch(links::contains));
    }

    /** Ends all connections at both ends, in the middle of whatever is sent. */
    void cutLinks() {
        links.forEach(Link::cut);
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                // the entrance was closed
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Link link = new Link(client, new Socket(host, port));
            links.add(link);
            daemon(link::forwardRequests);
            daemon(link::forwardAnswers);
        } catch (IOException e) {
            client.close(); // the broker is down: the client sees it too
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::hangUp);
    }

    private final class Link {

        private final Socket client;
        private final Socket broker;
        private volatile boolean hungUp;
        private volatile boolean missedSomething;

        Link(Socket client, Socket broker) {
            this.client = client;
            this.broker = broker;
        }

        boolean hasSentAll() {
            try {
                return client.isClosed() || client.getInputStream().available() == 0;
            } catch (IOException e) {
                return true; // it ended meanwhile
            }
        }

        /** The broker reads to the end, and then ends the connection on its side. */
        void hangUp() {
            hungUp = true;
            try (client) {
                if (!broker.isOutputShutdown()) {
                    broker.shutdownOutput();
                }
            } catch (IOException e) {
                // the broker was faster
            }
        }

        void cut() {
            try (client;
                    broker) {
                hungUp = true;
            } catch (IOException e) {
                // it ended meanwhile
            }
        }

        void forwardRequests() {
            forward(client, broker, true);
            hangUp();
        }

        void forwardAnswers() {
            forward(broker, client, false);
            hangUp();
            links.remove(this);
        }

        private void forward(Socket from, Socket to, boolean requests) {
            byte[] buffer = new byte[16_384];
            try (InputStream in = from.getInputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (!(requests ? passesRequests : passesAnswers)) {
                        missedSomething = true;
                    } else if (!hungUp) {
                        to.getOutputStream().write(buffer, 0, read);
                    }
                }
            } catch (IOException e) {
                // one side ended: so does the other
            }
        }
    }
}
