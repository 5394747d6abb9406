package dev.claimant;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that stands still until a test moves it, or moves with each look. Starts near the overflow of its counter, as the real one may. */
final class VirtualClock implements Clock, LongSupplier {

    private volatile long now = Long.MAX_VALUE / 2;
    private volatile long step;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // whoever looks at a clock that moves holds the engine's lock
    public long nanos() {
        long seen = now;
        if (step > 0) {
            now += step;
        }
        return seen;
    }

    @Override
    public long getAsLong() {
        return nanos();
    }

    /** From now on the next look sees another time, as if the thread had been kept waiting between the two. */
    void moveWithEachLook(Duration by) {
        step = by.toNanos();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the test moves it
    void advance(Duration by) {
        now += by.toNanos();
    }
}
