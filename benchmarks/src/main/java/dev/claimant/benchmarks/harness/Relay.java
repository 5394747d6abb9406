package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Puts a server on the loopback as far away as one in another building: what it passes on arrives later, in both directions. */
public final class Relay implements AutoCloseable {

    private static final int MOST_BYTES = 1 << 16;

    private record Part(long dueNanos, ByteBuffer bytes) {
        boolean isTheEnd() {
            return !bytes.hasRemaining();
        }
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private final int serverPort;
    private final long oneWayNanos;
    private final ServerSocket accepting;

    private Relay(int serverPort, long oneWayNanos) throws IOException {
        this.serverPort = serverPort;
        this.oneWayNanos = oneWayNanos;
        accepting = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    /** To the server at this port, for any number of connections. */
    public static Relay to(int serverPort, Duration roundTrip) {
        try {
            Relay relay = new Relay(serverPort, roundTrip.toNanos() / 2);
            start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the client finds it. */
    public int port() {
        return accepting.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = accepting.accept();
            start(() -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (IOException e) {
            client.close();
            return;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        pass(client, server);
        pass(server, client);
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Part> onTheWay = new LinkedBlockingQueue<>();
        start(() -> read(from.getInputStream(), onTheWay));
        start(() -> {
            try (to) {
                write(onTheWay, to.getOutputStream());
            }
        });
    }

    private void read(InputStream in, BlockingQueue<Part> onTheWay) throws IOException {
        byte[] buffer = new byte[MOST_BYTES];
        try {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                onTheWay.add(new Part(System.nanoTime() + oneWayNanos, ByteBuffer.wrap(Arrays.copyOf(buffer, count))));
            }
        } finally {
            onTheWay.add(new Part(System.nanoTime() + oneWayNanos, ByteBuffer.allocate(0)));
        }
    }

    private static void write(BlockingQueue<Part> onTheWay, OutputStream out) throws IOException, InterruptedException {
        for (Part next = onTheWay.take(); !next.isTheEnd(); next = onTheWay.take()) {
            while (System.nanoTime() - next.dueNanos() < 0) {
                LockSupport.parkNanos(next.dueNanos() - System.nanoTime());
            }
            out.write(next.bytes().array());
        }
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // one of the two has ended, and so does what is passed between them
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            accepting.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
