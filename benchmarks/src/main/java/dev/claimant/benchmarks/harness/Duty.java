package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** What is to be done with each message, and the record of it. Loads few classes: it is there when a cold start is measured. */
public final class Duty {

    /** Often enough to tell a slow run from one that stands still. */
    private static final int REPORTED = 1_000;

    private final int slots;
    private final int handlerMillis;
    private final AtomicLongArray handledAtMicros;
    private final AtomicInteger doubled = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch open;

    Duty(int slots, int handlerMillis, int messages) {
        this.slots = slots;
        this.handlerMillis = handlerMillis;
        this.handledAtMicros = new AtomicLongArray(messages);
        this.open = new CountDownLatch(messages);
    }

    /** How many handlers may run at once. */
    public int slots() {
        return slots;
    }

    /** Whether a handler takes time, so that it needs a thread of its own. */
    public boolean takesTime() {
        return handlerMillis > 0;
    }

    /** The handler. Thread-safe. */
    public void handle(int number) throws InterruptedException {
        long now = epochMicros();
        int before = begun.getAndIncrement();
        if (before == 0) {
            System.out.println(Child.FIRST);
        } else if (before % REPORTED == 0) {
            System.out.println(Child.SO_FAR + before);
        }
        if (handlerMillis > 0) {
            Thread.sleep(handlerMillis);
            now = epochMicros();
        }
        if (handledAtMicros.compareAndSet(number, 0, now)) {
            open.countDown();
        } else {
            doubled.getAndIncrement();
        }
    }

    /** Blocks until every message was handled. */
    void await() throws InterruptedException {
        open.await();
    }

    int doubled() {
        return doubled.get();
    }

    /** When each message was handled, as the number of microseconds since 1970, in the order of their numbers. */
    void write(Path record) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(handledAtMicros.length() * Long.BYTES);
        for (int i = 0; i < handledAtMicros.length(); i++) {
            buffer.putLong(handledAtMicros.get(i));
        }
        Files.write(record, buffer.array());
    }

    /** Two processes of one machine read the same clock. */
    static long epochMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
