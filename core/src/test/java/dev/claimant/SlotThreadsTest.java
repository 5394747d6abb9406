package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SlotThreadsTest {

    private final EngineContext context = Rig.sharedByNobody();
    private final ReentrantLock lock = context.lock;
    private final List<Thread> threads = new ArrayList<>();
    private final Slots slots = new Slots(context, 4, this::addThread);

    private volatile Handling handler = () -> {};

    private interface Handling {
        void run() throws InterruptedException;
    }

    @AfterEach
    void end() throws InterruptedException {
        lock.lock();
        try {
            slots.close();
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            thread.join(SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void thereIsNoThreadBeforeThereIsWork() {
        assertThat(threads).isEmpty();
    }

    @Test
    void anIdleThreadIsUsedBeforeANewOneIsMade() {
        ready(1);
        awaitIdle();
        ready(1);
        awaitIdle();
        assertThat(threads).hasSize(1);
    }

    @Test
    void aBatchGetsAsManyThreadsAsItCanUseEvenIfOneIsIdle() {
        ready(1);
        awaitIdle();
        ready(3);
        assertThat(threads).hasSize(3);
    }

    @Test
    void thereAreNeverMoreThreadsThanSlots() {
        ready(9);
        awaitIdle();
        ready(9);
        assertThat(threads).hasSize(4);
    }

    @Test
    void idleThreadsComeOneAfterTheOtherUntilNothingWaits() throws InterruptedException {
        ready(9);
        awaitIdle();
        CountDownLatch allRun = new CountDownLatch(4);
        handler = () -> {
            allRun.countDown();
            assertThat(allRun.await(20, SECONDS)).isTrue();
        };
        ready(4);
        assertThat(allRun.await(20, SECONDS)).isTrue();
    }

    private void ready(int claims) {
        lock.lock();
        try {
            for (int i = 0; i < claims; i++) {
                slots.addWaiting();
                slots.ready(new Execution(new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1)), false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void addThread() {
        Thread thread = new Thread(this::work);
        threads.add(thread);
        thread.start();
    }

    private @Nullable Execution take() {
        return slots.take(Thread.currentThread());
    }

    /** Until there is nothing to do and every thread waits for work. */
    private void awaitIdle() {
        while (!allIdle()) {
            Thread.onSpinWait();
        }
    }

    private boolean allIdle() {
        lock.lock();
        try {
            return slots.waiting() + slots.running() == 0 && threads.stream().allMatch(this::waitsForWork);
        } finally {
            lock.unlock();
        }
    }

    private boolean waitsForWork(Thread thread) {
        return thread.getState() == Thread.State.WAITING && !lock.hasQueuedThread(thread);
    }

    private void work() {
        try {
            for (Execution next = take(); next != null; next = take()) {
                handler.run();
                lock.lock();
                try {
                    slots.freed(next);
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
