package dev.claimant.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Whether the group has taken us in, or why not. Thread-safe. */
final class Joining {

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Exception problem;
    private volatile boolean isRefused;

    /** Returns absent once the group has taken us in; else why it has not. */
    @Nullable Exception await(Duration within) throws InterruptedException {
        boolean inTime = ended.await(within.toMillis(), TimeUnit.MILLISECONDS);
        if (inTime && !isRefused) {
            return null;
        }
        Exception known = problem;
        return known != null ? known : new KafkaException("no answer");
    }

    boolean isOver() {
        return ended.getCount() == 0;
    }

    void succeeded() {
        ended.countDown();
    }

    /** What may yet pass is remembered, anything else ends it. */
    void failed(Exception e) {
        if (!isOver()) {
            problem = e;
            if (!KafkaErrors.mayPass(e)) {
                isRefused = true;
                ended.countDown();
            }
        }
    }
}
