package dev.claimant.servicebusserver;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Listens again on a port that was given up a moment ago: the system may take a while to have it free, or lend it to a client meanwhile. */
final class Rebinding {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    interface Binding<T> {
        T bind() throws IOException;
    }

    private Rebinding() {}

    static <T> T untilFree(Binding<T> binding) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                return binding.bind();
            } catch (IOException e) {
                if (System.nanoTime() - giveUp > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
