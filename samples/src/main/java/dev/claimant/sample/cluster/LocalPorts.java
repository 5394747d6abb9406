package dev.claimant.sample.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for processes that are about to start. */
final class LocalPorts {

    /** Below those that Linux gives to connections: none of these takes the port until the process has it. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;

    /** One after the other: of thirty pods that start at once, two would otherwise get the same port now and then. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private LocalPorts() {}

    static int free() {
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
