package dev.claimant;

/**
 * How long handlers take, as far as the prefetch bound needs to know: the 95th percentile of the recent past, within a factor of two, and the
 * mean, which alone tells of the few that take very long.
 * Guarded by the engine's lock.
 */
final class HandlerTimes {

    private static final int WINDOW = 1024;

    /** So many of the first change the judgement each; of those that come later and take no longer than expected, one in sixteen. */
    private static final int FIRST = 64;

    private static final int ONE_IN = 16;

    /** One bucket per power of two, in nanoseconds. */
    private final int[] buckets = new int[Long.SIZE];

    private int total;
    private double sumNanos;
    private long returned;
    private long expectedNanos;
    private long judgements;
    private boolean isStale;

    void record(long nanos) {
        returned++;
        sumNanos += nanos;
        buckets[Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos))]++;
        if (++total == WINDOW) {
            forgetHalf();
        }
        if (returned <= FIRST || returned % ONE_IN == 0 || nanos > expectedNanos) {
            isStale = true;
            judgements++;
        }
    }

    /** How often {@link #expectedNanos} may have changed. */
    long judgements() {
        return judgements;
    }

    boolean isEmpty() {
        return total == 0;
    }

    /** How many handlers have ever returned. */
    long returned() {
        return returned;
    }

    /** For how long a message that waits keeps a slot busy, judged carefully. */
    long expectedNanos() {
        if (isStale) {
            expectedNanos = Math.max(p95Nanos(), (long) (sumNanos / Math.max(1, total)));
            isStale = false;
        }
        return expectedNanos;
    }

    /** The upper end of the bucket that holds the 95th percentile. */
    long p95Nanos() {
        int above = total / 20;
        int bucket = buckets.length - 1;
        for (int seen = buckets[bucket]; seen <= above && bucket > 0; seen += buckets[bucket]) {
            bucket--;
        }
        return bucket >= Long.SIZE - 2 ? Long.MAX_VALUE : 1L << (bucket + 1);
    }

    private void forgetHalf() {
        total = 0;
        sumNanos /= 2;
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] /= 2;
            total += buckets[i];
        }
    }
}
