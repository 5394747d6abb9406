package dev.claimant.postgres;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Whether nobody was here for a while. Thread-safe. */
final class QuietPeriod {

    /** Longer than most flushes to disk take. Who enqueues this often finds workers awake, and pays least for a ring after the commit. */
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

    /** The caller is here; answers whether nobody was before. */
    boolean entered() {
        long now = clock.getAsLong();
        return now - lastNanos.getAndSet(now) >= WHILE.toNanos();
    }
}
