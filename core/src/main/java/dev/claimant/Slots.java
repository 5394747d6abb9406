package dev.claimant;

import dev.claimant.Execution.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The running handlers, the claims that wait for one of their places, and the threads of slots. Needs the engine's lock. */
final class Slots {

    /** Up to this many claims that stopped waiting may stay in the queue: looking for them costs more than they do. */
    private static final int FEW = 16;

    private final int size;
    private final Clock clock;
    final SlotRequests requests;

    /** In the order in which they run; {@link #poll} skips claims that have stopped waiting. */
    private final ArrayDeque<Execution> ready = new ArrayDeque<>();

    /** The running handlers, each at its {@link Execution#slot}. */
    private final List<Execution> running = new ArrayList<>();

    private final ArrayDeque<SlotThread> idle = new ArrayDeque<>();
    private final List<SlotThread> all = new ArrayList<>();
    private int waiting;
    private int behind;

    /** The idle thread that was woken for work and has not asked for it yet. When it does, it wakes the next one. */
    private @Nullable SlotThread called;

    /** Only {@link #alone} may start. */
    private boolean blocked;

    private @Nullable Execution alone;

    private boolean closed;

    Slots(EngineContext context, int size) {
        this.size = size;
        this.clock = context.clock;
        this.requests = new SlotRequests(context, size, this::unserved);
    }

    int size() {
        return size;
    }

    int running() {
        return running.size();
    }

    /** How many handlers still run although they were asked to stop this long ago. */
    int stuckFor(long nanos) {
        long now = clock.nanos();
        int stuck = 0;
        for (Execution execution : running) {
            stuck += execution.stopReason != null && now - execution.stoppedAt >= nanos ? 1 : 0;
        }
        return stuck;
    }

    /** Claims in this worker that wait for a slot, those behind an earlier one of their ordering key included. */
    int waiting() {
        return waiting;
    }

    /** Whether a handler runs, or a claim waits for a slot. */
    boolean areBusy() {
        return waiting + running.size() > 0;
    }

    /** Claims that wait for an earlier one of their ordering key. */
    int behind() {
        return behind;
    }

    /** Whether a slot is free and no claim waits for one. */
    boolean areIdle() {
        return ready() == 0 && free() > 0;
    }

    int free() {
        return size - running.size();
    }

    /** Whether a waiting claim could have a slot now. */
    boolean canStart() {
        return free() > 0 && (blocked ? alone != null : ready() > 0);
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

    /** A waiting claim leaves without having run. */
    void removeWaiting(Execution execution) {
        waiting--;
        turnCame(execution);
        if (ready.size() > 2 * waiting + FEW) { // or claims that were lost would keep their bodies in memory
            ready.removeIf(other -> !other.is(Stage.WAITING));
        }
    }

    /** A waiting claim may run as soon as a slot is free. */
    void ready(Execution execution, boolean first) {
        if (first) {
            ready.addFirst(execution);
        } else {
            ready.addLast(execution);
        }
        callForWork();
    }

    private void callForWork() {
        requests.callForWork();
        call();
    }

    /** Nothing starts any more, except what {@link #runAlone} names. */
    void block() {
        blocked = true;
    }

    /** This waiting claim runs now, and nothing else. */
    void runAlone(Execution execution) {
        alone = execution;
        callForWork();
    }

    /** What is ready may start again. */
    void unblock() {
        blocked = false;
        alone = null;
        callFurther();
    }

    /** An idle thread serves one claim, called or not. */
    private int unserved() {
        return startable() - idle.size() - (called == null ? 0 : 1);
    }

    private int startable() {
        return blocked ? (alone == null ? 0 : 1) : ready.size();
    }

    /** Wakes one thread at a time. Waking a thread costs more than a short handler, and a second one may find no work left. */
    private void call() {
        SlotThread first = called == null ? idle.poll() : null;
        if (first != null) {
            called = first;
            first.call();
        }
    }

    /** The next claim to run, now in a slot, or nothing. */
    @Nullable Execution poll(@Nullable SlotThread thread) {
        if (running.size() == size) {
            return null;
        }
        Execution next = blocked ? takeAlone() : ready.poll();
        while (next != null && !next.is(Stage.WAITING)) {
            next = blocked ? null : ready.poll();
        }
        if (next != null) {
            waiting--;
            next.slot = running.size();
            running.add(next);
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
        Execution last = running.remove(running.size() - 1);
        if (last != execution) {
            running.set(execution.slot, last);
            last.slot = execution.slot;
        }
    }

    int idleThreads() {
        return idle.size();
    }

    /** A new thread has begun. */
    void joined(SlotThread thread) {
        requests.threadBegan();
        all.add(thread);
        if (closed) {
            thread.dismiss();
        }
    }

    /** The thread asked for work, and there is none. */
    void rest(SlotThread thread) {
        hasCome(thread);
        thread.rest();
        idle.push(thread);
    }

    /** The thread asked for work and has some: if there is more, the next thread is woken. */
    void callNext(SlotThread thread) {
        hasCome(thread);
        callFurther();
    }

    private void hasCome(SlotThread thread) {
        called = called == thread ? null : called;
    }

    private void callFurther() {
        if (startable() > 0) {
            callForWork();
        }
    }

    void close() {
        closed = true;
        all.forEach(SlotThread::dismiss);
        requests.close();
    }
}
