package dev.claimant;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs handlers, as the engine sees it: what it is to run next, and how it is interrupted. The thread may be a virtual one
 * that is not given a processor while handlers compute, so that nobody ever waits for it.
 */
final class SlotThread {

    /** How often a thread that asks for work looks for the answer before it sleeps. To sleep and be woken costs more than a turn of the lock. */
    static final int LOOKS = 40;

    private volatile @Nullable Thread thread;

    /** What the engine has assigned; taken by the thread. */
    private volatile @Nullable Execution assigned;

    private volatile boolean called;
    private volatile boolean dismissed;

    /** It has asked for work, and the engine has not looked for any yet. */
    private volatile boolean asking;

    /** Held while the handler's thread is interrupted, which may run the application's code, so that no interrupt comes too late. */
    private final ReentrantLock interrupting = new ReentrantLock();

    private @Nullable Execution running;
    private @Nullable Execution interruptedEarly;

    // ---- for the engine, with its lock held; none of these blocks

    void assign(Execution execution) {
        assigned = execution;
        wake();
    }

    /** There is nothing to run for now. */
    void rest() {
        asking = false;
    }

    /** There may be something to run: it should come and ask. */
    void call() {
        called = true;
        wake();
    }

    /** There will be nothing to run any more. */
    void dismiss() {
        dismissed = true;
        wake();
    }

    private void wake() {
        Thread sleeper = thread;
        if (sleeper != Thread.currentThread()) {
            LockSupport.unpark(sleeper);
        }
    }

    // ---- for the thread itself

    void begin() {
        thread = Thread.currentThread();
    }

    /** Before it asks the engine for work. */
    void asks() {
        asking = true;
    }

    /** Blocks until there is a claim to run, asking for one each time it is called; nothing when there will be none any more. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // yields as a hint alone: the thread that holds the lock may wait for this processor
    @Nullable Execution await(Runnable ask) {
        int looks = 0;
        while (true) {
            Execution next = assigned;
            if (next != null) {
                assigned = null;
                return next;
            }
            if (dismissed) {
                return null;
            }
            if (called) {
                called = false;
                ask.run();
            } else if (asking && looks < LOOKS) {
                looks++;
                Thread.yield();
            } else {
                LockSupport.park(this);
            }
            Thread.interrupted(); // meant for an earlier one
        }
    }

    /** Runs the handler. Returns what it threw, or nothing, and leaves the thread uninterrupted. */
    @Nullable Throwable run(Execution execution, Handler handler) {
        begun(execution);
        try {
            handler.handle(execution.claim);
            return null;
        } catch (Throwable failure) { // whatever it is, it is this message's failure and not the worker's
            return failure;
        } finally {
            ended();
        }
    }

    private void begun(Execution execution) {
        interrupting.lock();
        try {
            running = execution;
            Thread.interrupted();
            if (interruptedEarly == execution && execution.claim.stopAsked()) {
                Thread.currentThread().interrupt();
            }
            interruptedEarly = null;
        } finally {
            interrupting.unlock();
        }
    }

    private void ended() {
        interrupting.lock();
        try {
            running = null;
            Thread.interrupted();
        } finally {
            interrupting.unlock();
        }
    }

    // ---- for the thread that interrupts

    /** Interrupts the handler if it still runs this; at once when it begins, if it has not yet. May block in code of the application. */
    void interrupt(Execution execution) {
        interrupting.lock();
        try {
            Thread handling = thread;
            if (running == execution && handling != null) {
                handling.interrupt();
            } else {
                interruptedEarly = execution;
            }
        } finally {
            interrupting.unlock();
        }
    }
}
