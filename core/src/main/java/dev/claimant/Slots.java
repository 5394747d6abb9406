package dev.claimant;

import dev.claimant.Execution.Stage;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The running handlers and the claims that wait for one of their places. Everything but {@link #take} needs the engine's lock. */
final class Slots {

    private final int size;
    private final ReentrantLock lock;
    private final Condition work;
    private final Clock clock;
    private final Runnable addThread;

    /** In the order in which they run; those that stopped waiting meanwhile are passed over. */
    private final ArrayDeque<Execution> ready = new ArrayDeque<>();

    /** Those that run, so that stuck ones can be told. */
    private final Set<Execution> inSlots = new HashSet<>();

    private int waiting;
    private int behind;
    private int threads;
    private int idleThreads;

    /** An idle thread was told of work and has not come for it yet; it tells the next one when it has. */
    private boolean called;

    /** Only {@link #alone} may start. */
    private boolean blocked;

    private @Nullable Execution alone;

    private boolean closed;

    /**
     * Slots without threads yet.
     *
     * @param addThread starts one more thread that loops over {@link #take}; called when more claims are ready than threads are idle
     */
    Slots(EngineContext context, int size, Runnable addThread) {
        this.size = size;
        this.lock = context.lock;
        this.clock = context.clock;
        this.work = lock.newCondition();
        this.addThread = addThread;
    }

    int size() {
        return size;
    }

    int running() {
        return inSlots.size();
    }

    /** Handlers that were told to stop so long ago and go on. */
    int stuckFor(long nanos) {
        long now = clock.nanos();
        int stuck = 0;
        for (Execution execution : inSlots) {
            stuck += execution.stopReason != null && now - execution.stoppedAt >= nanos ? 1 : 0;
        }
        return stuck;
    }

    /** Claims in this worker that wait for a slot, those behind an earlier one of their ordering key included. */
    int waiting() {
        return waiting;
    }

    /** Whether more handlers are to return soon or later. */
    boolean areBusy() {
        return waiting + inSlots.size() > 0;
    }

    /** Those of them that wait for an earlier one of their ordering key. */
    int behind() {
        return behind;
    }

    /** Slots for which no waiting claim is at hand. */
    int idle() {
        return Math.max(0, free() - ready());
    }

    int free() {
        return size - inSlots.size();
    }

    /** Claims that wait for a slot and for nothing else. */
    int ready() {
        return waiting - behind;
    }

    /** One more claim waits, ready to run or not. */
    void addWaiting() {
        waiting++;
    }

    /** A waiting claim cannot run yet: an earlier one of its ordering key is here. */
    void fallBehind(Execution execution) {
        execution.behind = true;
        behind++;
    }

    /** Nothing earlier of its ordering key is here any more. */
    void turnCame(Execution execution) {
        behind -= execution.behind ? 1 : 0;
        execution.behind = false;
    }

    /** A waiting claim stopped to wait without having run. */
    void removeWaiting(Execution execution) {
        waiting--;
        turnCame(execution);
    }

    /** A waiting claim may run as soon as a slot is free. */
    void ready(Execution execution, boolean first) {
        if (first) {
            ready.addFirst(execution);
        } else {
            ready.addLast(execution);
        }
        callFor(ready.size());
    }

    /** An idle thread serves one claim, called or not. */
    private void callFor(int claims) {
        if (claims > idleThreads && threads < size) {
            threads++;
            addThread.run();
        } else {
            call();
        }
    }

    /** Nothing starts any more, except what {@link #runAlone} names. */
    void block() {
        blocked = true;
    }

    /** This waiting claim runs now, and nothing else. */
    void runAlone(Execution execution) {
        alone = execution;
        callFor(1);
    }

    /** What is ready may start again. */
    void unblock() {
        blocked = false;
        alone = null;
        if (!ready.isEmpty()) {
            call();
        }
    }

    /** One at a time: to wake a thread costs more than a short handler, and by then there may be nothing left for a second. */
    private void call() {
        if (!called && idleThreads > 0) {
            called = true;
            work.signal();
        }
    }

    /** The next claim to run, now in a slot, or nothing. */
    @Nullable Execution poll(Thread thread) {
        if (inSlots.size() == size) {
            return null;
        }
        Execution next = blocked ? takeAlone() : ready.poll();
        while (next != null && !next.is(Stage.WAITING)) {
            next = blocked ? null : ready.poll();
        }
        if (next != null) {
            waiting--;
            inSlots.add(next);
            next.run(thread, clock.nanos());
        }
        return next;
    }

    private @Nullable Execution takeAlone() {
        Execution next = alone;
        alone = null;
        return next;
    }

    /** A handler has returned. */
    void freed(Execution execution) {
        inSlots.remove(execution);
    }

    /** Blocks until there is a claim to run or there will be none any more. An interrupt that comes now was meant for an earlier one. */
    @Nullable Execution take(Thread thread) {
        lock.lock();
        try {
            while (true) {
                Thread.interrupted();
                Execution next = poll(thread);
                if (next != null && !ready.isEmpty()) {
                    call();
                }
                if (next != null || closed) {
                    return next;
                }
                idleThreads++;
                try {
                    work.awaitUninterruptibly();
                } finally {
                    idleThreads--;
                    called = false;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        work.signalAll();
    }
}
