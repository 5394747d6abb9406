package dev.claimant;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that stands still until a test moves it. Starts near the overflow of its counter, as the real one may. */
final class VirtualClock implements Clock, LongSupplier {

    private volatile long now = Long.MAX_VALUE / 2;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long getAsLong() {
        return now;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the test moves it
    void advance(Duration by) {
        now += by.toNanos();
    }
}
