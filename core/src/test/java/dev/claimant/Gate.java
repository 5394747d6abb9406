package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A latch that counts on after it is open, and fails the test when it is not opened in time. */
public final class Gate {

    private final CountDownLatch latch;
    private final AtomicLong opened = new AtomicLong();

    public Gate() {
        this(1);
    }

    public Gate(int times) {
        latch = new CountDownLatch(times);
    }

    public void open() {
        open(1);
    }

    public void open(int times) {
        for (int i = 0; i < times; i++) {
            opened.incrementAndGet();
            latch.countDown();
        }
    }

    public long opened() {
        return opened.get();
    }

    public void await() throws InterruptedException {
        if (!latch.await(20, SECONDS)) {
            throw new AssertionError("waited for 20 seconds; " + latch.getCount() + " openings are missing");
        }
    }

    /** For handlers that do not listen when they are told to stop. */
    public void awaitWhateverHappens() {
        boolean open = false;
        while (!open) {
            try {
                await();
                open = true;
            } catch (InterruptedException ignored) {
                // that is what it means not to listen
            }
        }
    }
}
