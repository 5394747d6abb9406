package dev.claimant.kafka;

import java.util.concurrent.TimeUnit;

/** How many messages claims want, and are about to want. Needs the lock of {@link DeliveryBuffer}. */
final class ClaimDemand {

    /** Claims that bring something in so quick a succession are worth preparing the next before it is asked for. */
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private int waiting;
    private int last;
    private long lastClaim = System.nanoTime() - QUICK_NANOS;
    private boolean hungry;
    private int claims;

    /** A claim asks for this many. */
    void begin(int demand) {
        last = demand;
        waiting = demand;
        claims++;
    }

    void end() {
        waiting = 0;
    }

    /** Whether a claim waits. */
    boolean isWaiting() {
        return waiting > 0;
    }

    /** Returns whether the next claim is worth preparing for. */
    boolean noteClaimed(int count) {
        long now = System.nanoTime();
        hungry = count > 0 && now - lastClaim < QUICK_NANOS;
        if (count > 0) {
            lastClaim = now;
        }
        return hungry;
    }

    /** Half of this many; of an odd number, one more in every other claim, so that one message at a time goes to each in turn. */
    int share(int missing) {
        return Math.max(0, missing + claims % 2) / 2;
    }

    /** How many messages there should be in all, those that are here included. */
    int target() {
        boolean stillHungry = hungry && System.nanoTime() - lastClaim < QUICK_NANOS;
        return stillHungry ? last : waiting;
    }
}
