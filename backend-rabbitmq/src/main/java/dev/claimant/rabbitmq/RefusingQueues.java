package dev.claimant.rabbitmq;

import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retry and dead-letter queues that refuse copies, because they are full or gone. The log says so once for each queue, and the worker is not ready
 * meanwhile. A queue that nobody sends to any more cannot show that it is well again: it is forgotten after some time without a refusal.
 * Thread-safe.
 */
final class RefusingQueues {

    private static final Logger LOG = LoggerFactory.getLogger(RefusingQueues.class);

    private final Map<String, Long> refusedAt = new ConcurrentHashMap<>();
    private final long forgetAfterNanos;
    private volatile @Nullable Consumer<@Nullable String> impaired;

    RefusingQueues(long forgetAfterNanos) {
        this.forgetAfterNanos = forgetAfterNanos;
    }

    /** Before the first copy: told of each change, a sentence or nothing at all. */
    void tell(Consumer<@Nullable String> impaired) {
        this.impaired = impaired;
    }

    /** Returns whether that is new. */
    boolean refused(String queue) {
        boolean first = refusedAt.put(queue, System.nanoTime()) == null;
        if (first) {
            LOG.error(
                    "the queue {} refuses retries or dead letters: it is full or gone. Another queue takes them, or their messages stay held,"
                            + " until it takes some again",
                    queue);
            tellNow();
        }
        return first;
    }

    void accepted(String queue) {
        if (!refusedAt.isEmpty() && refusedAt.remove(queue) != null) {
            LOG.info("the queue {} takes retries or dead letters again", queue);
            tellNow();
        }
    }

    /** To be called from time to time, as long as it returns true: some are left. */
    boolean forgetOld() {
        long now = System.nanoTime();
        if (refusedAt.values().removeIf(at -> now - at >= forgetAfterNanos)) {
            tellNow();
        }
        return !refusedAt.isEmpty();
    }

    private synchronized void tellNow() {
        Consumer<@Nullable String> told = impaired;
        if (told == null) {
            return;
        }
        TreeSet<String> queues = new TreeSet<>(refusedAt.keySet());
        told.accept(
                queues.isEmpty()
                        ? null
                        : "retries or dead letters are refused, since the queue is full or gone: "
                                + String.join(", ", queues));
    }
}
