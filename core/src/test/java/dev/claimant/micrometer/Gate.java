package dev.claimant.micrometer;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A latch that counts on after it is open, and fails the test when it is not opened in time. */
final class Gate {

    private final CountDownLatch latch;
    private final AtomicLong opened = new AtomicLong();

    Gate() {
        this(1);
    }

    Gate(int times) {
        latch = new CountDownLatch(times);
    }

    void open() {
        open(1);
    }

    void open(int times) {
        for (int i = 0; i < times; i++) {
            opened.incrementAndGet();
            latch.countDown();
        }
    }

    long opened() {
        return opened.get();
    }

    void await() throws InterruptedException {
        if (!latch.await(20, SECONDS)) {
            throw new AssertionError("waited for 20 seconds; " + latch.getCount() + " openings are missing");
        }
    }
}
