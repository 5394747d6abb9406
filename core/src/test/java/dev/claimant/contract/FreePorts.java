package dev.claimant.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for servers that are about to start as processes. Thread-safe. */
public final class FreePorts {

    /** Below those that Linux gives to connections: none of these takes the port until the server has it. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;

    /** One after the other, so that no two servers of this process get the same; from anywhere, since another process does likewise. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /** A port on which nobody listens, and which is given to nobody else. */
    public static int next() {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // somebody listens there
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " on is free");
    }
}
