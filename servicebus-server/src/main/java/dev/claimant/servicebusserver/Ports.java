package dev.claimant.servicebusserver;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ports to listen on, also again after a restart: below those that the system gives to connections, or one of these might have it then. */
final class Ports {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final int ATTEMPTS = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Listens on a port, or fails because somebody else does. */
    interface Binding<T> {
        T listen(int port) throws IOException;
    }

    private Ports() {}

    /** Listens on this port, as soon as it is free; with zero, on any that is. */
    static <T> T listen(int port, Binding<T> binding) throws IOException {
        return port == 0 ? any(binding) : untilFree(port, binding);
    }

    /** From anywhere, since another process does likewise. */
    private static <T> T any(Binding<T> binding) throws IOException {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int attempt = 1; ; attempt++) {
            try {
                return binding.listen(FIRST + (start + attempt) % COUNT);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static <T> T untilFree(int port, Binding<T> binding) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                return binding.listen(port);
            } catch (IOException e) {
                if (System.nanoTime() - giveUp > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
