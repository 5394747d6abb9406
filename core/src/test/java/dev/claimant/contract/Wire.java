package dev.claimant.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between a client and a broker's port that can be cut, without either end being told, and muted: what the client says gets
 * through, what the broker answers does not; or held: the answers come later. Thread-safe; one per source, so that others are not cut off with it.
 */
public final class Wire implements AutoCloseable {

    private enum State {
        WHOLE,
        CUT,
        MUTE
    }

    private final ServerSocket entrance;
    private final InetSocketAddress broker;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private volatile State state = State.WHOLE;
    private boolean isHeld;

    private Wire(InetSocketAddress broker) {
        this.broker = broker;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** A wire to the broker. */
    public static Wire to(String host, int port) {
        return new Wire(new InetSocketAddress(host, port));
    }

    /** Where the client connects instead: this port on the loopback address. */
    public int port() {
        return entrance.getLocalPort();
    }

    /** How many connections of the client are open. */
    public int connections() {
        ends.removeIf(Socket::isClosed);
        return (ends.size() + 1) / 2;
    }

    /** From now on nothing gets through; new connections are accepted and lead nowhere. */
    public void cut() {
        state = State.CUT;
    }

    /** From now on only what the client says gets through. */
    public void mute() {
        state = State.MUTE;
    }

    /** From now on what the broker says waits on the wire, until {@link #letGo}. */
    public synchronized void hold() {
        isHeld = true;
    }

    public synchronized void letGo() {
        isHeld = false;
        notifyAll();
    }

    private synchronized void awaitLetGo() throws IOException {
        try {
            while (isHeld) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Whole again, for new connections: those that missed something end. */
    public synchronized void mend() {
        disconnect();
        state = State.WHOLE;
    }

    /** Ends all connections such that both ends notice; new ones get through. */
    public synchronized void disconnect() {
        ends.forEach(Wire::hangUp);
        ends.clear();
    }

    private void accept() throws IOException {
        while (!entrance.isClosed()) {
            Socket client = entrance.accept();
            if (leadsSomewhere(client)) {
                connect(client);
            }
        }
    }

    private synchronized boolean leadsSomewhere(Socket client) {
        ends.add(client);
        return state != State.CUT;
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        ends.add(server);
        try {
            server.connect(broker);
            start("requests", () -> pass(client, server, State.MUTE));
            start("answers", () -> pass(server, client, State.WHOLE));
        } catch (IOException e) {
            hangUp(client);
            hangUp(server);
        }
    }

    /** What comes while the wire is worse than this is lost. */
    private void pass(Socket from, Socket to, State worst) throws IOException {
        try (from;
                to) {
            byte[] buffer = new byte[65_536];
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (worst == State.WHOLE) {
                    awaitLetGo();
                }
                if (state == State.WHOLE || state == worst) {
                    out.write(buffer, 0, length);
                }
            }
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(String what, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one end has hung up, and so has the other
                    }
                },
                "wire-" + what);
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
        disconnect();
    }
}
