package dev.claimant;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SlotThreadsTest {

    private final Rig rig = Rig.configured(settings -> settings.slots = 4);
    private final EngineContext context = rig.engine.context;
    private final Slots slots = rig.engine.slots;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final SlotThreads maker = new SlotThreads(slots.requests, this::work, this::newThread, "slot-");
    private final Thread making = new Thread(this::make);

    private volatile @Nullable Exception defect;
    private volatile boolean handlerThreadsRun = true;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Handling handler = () -> {};

    private interface Handling {
        void run() throws InterruptedException;
    }

    @BeforeEach
    void begin() {
        making.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        context.locked(slots::close);
        making.join(SECONDS.toMillis(10));
        assertThat(making.isAlive()).isFalse();
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
    void aBatchGetsAsManyThreadsAsItCanUseEvenIfOneIsIdle() throws InterruptedException {
        ready(1);
        awaitIdle();
        allRunAtOnce(3);
        assertThat(threads).hasSize(3);
    }

    @Test
    void thereAreNeverMoreThreadsThanSlots() throws InterruptedException {
        allRunAtOnce(4);
        ready(9);
        awaitIdle();
        assertThat(threads).hasSize(4);
    }

    @Test
    void idleThreadsComeOneAfterTheOtherUntilNothingWaits() throws InterruptedException {
        allRunAtOnce(4);
        awaitIdle();
        allRunAtOnce(4);
    }

    private void allRunAtOnce(int claims) throws InterruptedException {
        CountDownLatch allRun = new CountDownLatch(claims);
        handler = () -> {
            allRun.countDown();
            assertThat(allRun.await(20, SECONDS)).isTrue();
        };
        ready(claims);
        assertThat(allRun.await(20, SECONDS)).isTrue();
    }

    @Test
    void aThreadThatCannotBeMadeIsTriedAgainAfterAPause() throws InterruptedException {
        failures.set(2);
        CountDownLatch ran = new CountDownLatch(1);
        handler = ran::countDown;
        ready(1);
        while (!ran.await(1, MILLISECONDS)) {
            rig.advance(Duration.ofSeconds(10));
            context.locked(slots.requests::wake);
        }
        assertThat(threads).hasSize(1);
    }

    @Test
    void itIsADefectIfNoThreadAtAllCanBeMade() throws InterruptedException {
        failures.set(1_000);
        ready(1);
        while (making.isAlive()) {
            rig.advance(Duration.ofSeconds(10));
            context.locked(slots.requests::wake);
            making.join(1);
        }
        assertThat(defect).hasMessage("no thread for handlers can be made").hasCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void itIsADefectIfNoThreadEverBegins() throws InterruptedException {
        handlerThreadsRun = false;
        ready(1);
        while (making.isAlive()) {
            rig.advance(Duration.ofMinutes(1));
            context.locked(slots.requests::wake);
            making.join(1);
        }
        assertThat(defect).hasMessage("the threads for handlers were started, and none has begun to run");
    }

    private void ready(int claims) {
        context.locked(() -> {
            for (int i = 0; i < claims; i++) {
                slots.addWaiting();
                slots.ready(new Execution(new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1)), false);
            }
        });
    }

    private Thread newThread(Runnable task) {
        if (failures.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(handlerThreadsRun ? task : () -> {});
        threads.add(thread);
        return thread;
    }

    private void make() {
        try {
            maker.loop();
        } catch (IllegalStateException | InterruptedException e) {
            defect = e;
        }
    }

    /** Until there is nothing to do and every thread waits for work. */
    private void awaitIdle() {
        while (!context.locked(this::allIdle)) {
            Thread.onSpinWait();
        }
    }

    private boolean allIdle() {
        return slots.waiting() + slots.running() == 0 && slots.idleThreads() == threads.size();
    }

    private void work(SlotThread slot) {
        slot.begin();
        context.locked(() -> {
            slots.joined(slot);
            rig.engine.waiting.serve(slot);
        });
        Runnable ask = () -> context.locked(() -> rig.engine.waiting.serve(slot));
        for (Execution next = slot.await(ask); next != null; next = slot.await(ask)) {
            Execution execution = next;
            assertThat(slot.run(execution, claim -> handler.run())).isNull();
            context.locked(() -> {
                slots.freed(execution);
                rig.engine.waiting.serve(slot);
            });
        }
    }
}
