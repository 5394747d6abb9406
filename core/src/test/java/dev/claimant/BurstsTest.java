package dev.claimant;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A wake-up that is lost shows only where nothing else wakes: messages come in bursts, and each burst must be settled before the next one is
 * sent. On real threads and in real time, which the simulation has not.
 */
class BurstsTest {

    private static final long SECONDS_LONG = Long.getLong("claimant.bursts.seconds", 5);
    private static final int BURSTS_PER_WORKER = 150;
    private static final long LONGEST_GAP_NANOS = 2_000_000;
    private static final Duration RETRY = Duration.ofMillis(5);
    private static final String LONG = "long";

    private final SplittableRandom random = new SplittableRandom();
    private final long end = System.nanoTime() + SECONDS.toNanos(SECONDS_LONG);

    @Test
    void eachBurstIsSettledThoughNothingFollowsIt() throws InterruptedException {
        while (!isOver()) {
            worksThroughBursts(random.nextInt(1, 4), random.nextBoolean(), random.nextInt(3) == 0 ? 20 : 0);
        }
    }

    private boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    private void worksThroughBursts(int claimers, boolean longRunBeside, int failuresPercent)
            throws InterruptedException {
        InMemoryQueue queue = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.claimers(claimers)), System::nanoTime);
        Semaphore settled = new Semaphore(0);
        CountDownLatch longRuns = new CountDownLatch(1);
        CountDownLatch longMayEnd = new CountDownLatch(1);
        try (Worker worker = Worker.builder(new InMemorySource(queue))
                .slots(random.nextInt(2, 10))
                .prefetch(random.nextInt(12))
                .retry(RetryPolicy.exponential()
                        .firstDelay(RETRY)
                        .maxDelay(RETRY)
                        .maxAttempts(1000))
                .listener(releasing(settled))
                .handler(claim -> {
                    if (claim.id().equals(LONG)) {
                        longRuns.countDown();
                        longMayEnd.await();
                    } else {
                        works(failuresPercent);
                    }
                })
                .build()) {
            worker.start();
            if (longRunBeside) {
                queue.send(Message.of(LONG, ""));
                longRuns.await();
            }
            for (int burst = 0; burst < BURSTS_PER_WORKER && !isOver(); burst++) {
                int size = random.nextInt(4) == 0 ? random.nextInt(1, 60) : random.nextInt(1, 5);
                for (int i = 0; i < size; i++) {
                    queue.send(Message.of(burst + "-" + i, ""));
                }
                assertThat(settled.tryAcquire(size, 20, SECONDS))
                        .as(() -> "settled in time; else " + worker.stats())
                        .isTrue();
                LockSupport.parkNanos(random.nextLong(LONGEST_GAP_NANOS));
            }
            longMayEnd.countDown();
        }
    }

    private static WorkerListener releasing(Semaphore settled) {
        return new WorkerListener() {
            @Override
            public void settled(Settlement settlement, Verdict verdict) {
                if (settlement instanceof Settlement.Complete && verdict == Verdict.APPLIED) {
                    settled.release();
                }
            }
        };
    }

    /** Most end at once, some after a moment. */
    private static void works(int failuresPercent) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(100) < failuresPercent) {
            throw new Exception("tried again");
        }
        if (random.nextInt(10) == 0) {
            LockSupport.parkNanos(random.nextLong(NANOSECONDS.convert(Duration.ofMillis(3))));
        }
    }
}
