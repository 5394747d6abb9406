package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A worker's threads: one per claimer, one each for renewal and deadlines, and as needed one per slot and per kind of settlement. */
final class Threads implements Crew {

    private final String name;
    private final ThreadFactory handlerThreads;
    private final List<Thread> callers = new ArrayList<>();
    private int runners;
    private volatile @Nullable Throwable broken;

    @FunctionalInterface
    private interface Loop {
        void run() throws InterruptedException;
    }

    Threads(String name, @Nullable ThreadFactory handlerThreads) {
        this.name = name;
        this.handlerThreads = handlerThreads != null ? handlerThreads : VirtualThreads.factoryOr(Thread::new);
    }

    void start(Engine engine, int claimers) {
        for (int i = 1; i <= claimers; i++) {
            call(engine, "claim-" + i, engine.claimLoop::loop);
        }
        call(engine, "renew", engine.lockKeeper::loop);
        call(engine, "timer", engine.timer::loop);
    }

    @Override
    public void addSettler(Engine engine, Settlement.Kind kind) {
        call(engine, "settle-" + kind.name().toLowerCase(java.util.Locale.ROOT), () -> engine.settler.loop(kind));
    }

    @Override
    public void addRunner(Engine engine) {
        Thread thread = handlerThreads.newThread(guarded(engine, engine.runner::loop));
        thread.setName(name + "-slot-" + ++runners);
        thread.start();
    }

    /** What ended one of the worker's own loops, which only a defect can do; absent as long as all is well. */
    @Nullable Throwable broken() {
        return broken;
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

    private void call(Engine engine, String what, Loop loop) {
        Thread thread = new Thread(guarded(engine, loop), name + "-" + what);
        synchronized (callers) {
            callers.add(thread);
        }
        thread.start();
    }

    private Runnable guarded(Engine engine, Loop loop) {
        return () -> {
            try {
                loop.run();
            } catch (Throwable defect) { // an interrupt too; nothing else would tell that the worker has lost a part
                broken = defect;
                log.error("A thread of the worker has died; the worker is broken", defect);
                engine.context.locked(engine.context.progress::signalAll); // a Job cannot come to its end any more
            }
        };
    }
}
