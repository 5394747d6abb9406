package dev.claimant.sample.kubernetes;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * When to say which cost. The API server should not be asked often, so there are two values only: a pod is idle once nothing was in its hands
 * for some seconds, and between two changes there is a pause. Not thread-safe.
 */
final class DeletionCostPolicy {

    static final int IDLE = 0;
    static final int BUSY = 100;

    /** Work that comes again so soon was never gone. */
    static final Duration SETTLED = Duration.ofSeconds(10);

    static final Duration BETWEEN_CHANGES = Duration.ofSeconds(30);

    /** After one failure the pause between two changes, then twice as long each time. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private int said = IDLE; // which is what a pod without the annotation has
    private long idleSince;
    private long notBefore;
    private int failures;

    DeletionCostPolicy(long nowNanos) {
        idleSince = nowNanos;
        notBefore = nowNanos;
    }

    /** What to say now, if anything. */
    OptionalInt due(boolean busy, long nowNanos) {
        if (busy) {
            idleSince = nowNanos;
        }
        boolean idle = nowNanos - idleSince >= SETTLED.toNanos();
        int wanted = busy ? BUSY : idle ? IDLE : said;
        return wanted == said || nowNanos - notBefore < 0 ? OptionalInt.empty() : OptionalInt.of(wanted);
    }

    /** It was said. */
    void succeeded(int cost, long nowNanos) {
        said = cost;
        failures = 0;
        notBefore = nowNanos + BETWEEN_CHANGES.toNanos();
    }

    /** It was not, and is tried again after a while; not before the server wants it. */
    void failed(Duration retryAfter, long nowNanos) {
        Duration pause = BETWEEN_CHANGES.multipliedBy(1L << Math.min(failures++, 10));
        Duration longer = pause.compareTo(retryAfter) < 0 ? retryAfter : pause;
        notBefore = nowNanos + (longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE).toNanos();
    }
}
