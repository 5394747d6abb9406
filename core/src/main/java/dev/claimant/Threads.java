package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker's threads: one per claimer, one per kind of settlement, one for each other loop of the engine, and up to one per slot. */
final class Threads {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private final String name;
    private final ThreadFactory handlerThreads;
    private final List<Thread> callers = new ArrayList<>();

    /** What one of the engine's own threads does; an interrupt does not end it. */
    interface Loop {
        void loop() throws InterruptedException;
    }

    Threads(String name, @Nullable ThreadFactory handlerThreads) {
        this.name = name;
        this.handlerThreads = handlerThreads != null ? handlerThreads : forHandlers();
    }

    /** Makes virtual threads where the JDK has them for good (21 and later), without being compiled against it; else platform threads. */
    static ThreadFactory forHandlers() {
        if (Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS) {
            return Thread::new;
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException e) {
            return Thread::new;
        }
    }

    /**
     * Starts all threads except those of slots.
     *
     * @param died receives the exception that ended one of them; only a defect throws one
     */
    void start(Engine engine, int claimers, Consumer<Throwable> died) {
        SlotThreads slotThreads = new SlotThreads(
                engine.slots.requests,
                slot -> guarded(() -> engine.runner.loop(slot), died).run(),
                handlerThreads,
                name + "-slot-");
        PendingEvents events = engine.context.pendingEvents;
        events.deliverOn(caller("events", events, died)); // first: what the others do is told
        for (int i = 1; i <= claimers; i++) { // the others have time until the source has returned something
            call("claim-" + i, engine.claimLoop, died);
        }
        call("timer", engine.timer, died);
        call("slots", slotThreads, died);
        call("renew", engine.lockKeeper, died);
        for (Settlement.Kind kind : Settlement.Kind.values()) {
            call("settle-" + kind.name().toLowerCase(Locale.ROOT), () -> engine.settler.loop(kind), died);
        }
    }

    /** Runs the task on a new thread, or on the calling one if no thread can be made. */
    void start(String what, Runnable task) {
        try {
            new Thread(task, name + "-" + what).start();
        } catch (Throwable noThread) {
            log.warn("No thread could be made for {}; it runs on the calling thread", what, noThread);
            task.run();
        }
    }

    /** Waits for the threads that call the source, so that it can be closed under nobody. */
    void join(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<Thread> all;
        synchronized (callers) {
            all = List.copyOf(callers);
        }
        for (Thread thread : all) {
            long left = deadline - System.nanoTime();
            if (left > 0 && thread != Thread.currentThread()) {
                thread.join(Math.max(1, Duration.ofNanos(left).toMillis()));
            }
        }
    }

    private void call(String what, Loop loop, Consumer<Throwable> died) {
        caller(what, loop, died).start();
    }

    private Thread caller(String what, Loop loop, Consumer<Throwable> died) {
        Thread thread = new Thread(guarded(loop, died), name + "-" + what);
        synchronized (callers) {
            callers.add(thread);
        }
        return thread;
    }

    /** These threads are never interrupted on purpose: an interrupt does not end them. */
    private static Runnable guarded(Loop loop, Consumer<Throwable> died) {
        return () -> {
            boolean over = false;
            while (!over) {
                try {
                    loop.loop();
                    over = true;
                } catch (InterruptedException meantForNobody) {
                    // the loop starts again
                } catch (Throwable defect) {
                    over = true;
                    died.accept(defect);
                }
            }
        };
    }
}
