package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Makes the threads of slots and interrupts handlers. Both run code of the application (its thread factory, the channel that a handler reads),
 * so they have a thread of their own, for which nothing else of the engine waits.
 */
final class SlotThreads implements Threads.Loop {

    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    /** A worker that cannot run any handler must not keep claims. */
    private static final int MOST_FAILURES_WITHOUT_ANY_THREAD = 5;

    private final SlotRequests requests;
    private final Consumer<SlotThread> body;
    private final ThreadFactory factory;
    private final String prefix;
    private final Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS, new SplittableRandom());
    private int made;
    private int failures;

    /**
     * None yet.
     *
     * @param body what each of them does
     */
    SlotThreads(SlotRequests requests, Consumer<SlotThread> body, ThreadFactory factory, String prefix) {
        this.requests = requests;
        this.body = body;
        this.factory = factory;
        this.prefix = prefix;
    }

    @Override
    public void loop() throws InterruptedException {
        for (SlotRequests.Due next = requests.await(); !next.isEmpty(); next = requests.await()) {
            for (SlotRequests.Interrupt told : next.interrupts()) {
                interrupt(told);
            }
            for (int i = 0; i < next.threads(); i++) {
                makeThread();
            }
        }
    }

    private static void interrupt(SlotRequests.Interrupt told) {
        try {
            told.thread().interrupt(told.execution());
        } catch (Throwable e) {
            log.warn("Interrupting the handler failed: {}", told.execution().claim, e);
        }
    }

    private void makeThread() {
        SlotThread slotThread = new SlotThread();
        try {
            Thread thread = factory.newThread(() -> body.accept(slotThread));
            thread.setName(prefix + (made + 1));
            thread.start();
            made++;
            failures = 0;
            backoff.reset();
        } catch (Throwable e) { // no memory for one more thread, a defect in the factory
            failures++;
            if (made == 0 && failures >= MOST_FAILURES_WITHOUT_ANY_THREAD) {
                throw new IllegalStateException("no thread for handlers can be made", e);
            }
            long pause = backoff.nextNanos();
            log.warn(
                    "A thread for handlers could not be made; {} run, trying again in {} ms",
                    made,
                    pause / 1_000_000,
                    e);
            requests.threadFailed(pause);
        } finally {
            Thread.interrupted(); // the factory's
        }
    }
}
