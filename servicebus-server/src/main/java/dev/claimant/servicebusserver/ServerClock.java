package dev.claimant.servicebusserver;

import java.util.concurrent.atomic.AtomicLong;

/** The server's time of day. It can be moved, which is how tests let locks run out. */
final class ServerClock {

    private final AtomicLong offset = new AtomicLong();

    long millis() {
        return System.currentTimeMillis() + offset.get();
    }

    /** How far it is ahead of the machine's. */
    long offset() {
        return offset.get();
    }

    void advance(long millis) {
        offset.addAndGet(millis);
    }
}
