package dev.claimant.postgres;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Whether nobody was here for a while. Thread-safe. */
final class QuietPeriod {

    /** Longer than most flushes to disk take. If messages come this often, workers are awake, and a notification after the commit costs least. */
    private static final Duration WHILE = Duration.ofMillis(10);

    private final LongSupplier clock;
    private final AtomicLong lastNanos;

    QuietPeriod() {
        this(System::nanoTime);
    }

    QuietPeriod(LongSupplier clock) {
        this.clock = clock;
        this.lastNanos = new AtomicLong(clock.getAsLong() - WHILE.toNanos());
    }

    /** The caller is here; returns whether nobody was before. */
    boolean entered() {
        long now = clock.getAsLong();
        return now - lastNanos.getAndSet(now) >= WHILE.toNanos();
    }
}
