package dev.claimant.servicebus;

import dev.claimant.SourceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Messages that Service Bus has sent and nobody has claimed, and the threads that wait for them. Needs {@link #lock}, except where said. */
final class DeliveryBuffer {

    /** How often {@link #gather} looks. */
    private static final int LOOKS = 10;

    final ReentrantLock lock = new ReentrantLock();
    final LinkProbe probe;
    private final Condition changed = lock.newCondition();
    private final Deque<ServiceBusClaim> claims = new ArrayDeque<>();
    private @Nullable SourceException failure;
    private boolean isStopped;
    private int waiting;
    private int wanted;

    DeliveryBuffer(LinkProbe probe) {
        this.probe = probe;
    }

    int size() {
        return claims.size();
    }

    void add(ServiceBusClaim claim) {
        claims.addLast(claim);
        changed.signalAll();
    }

    /** A claim wants this many, those that are here and those on their way included. */
    void wants(int demand) {
        wanted = demand;
    }

    /** How many are here that the last claim did not want. */
    int surplus() {
        return Math.max(0, claims.size() - wanted);
    }

    /** The oldest, or nothing. */
    @Nullable ServiceBusClaim first() {
        wanted = Math.max(0, wanted - 1);
        return claims.pollFirst();
    }

    /** The newest, or nothing. */
    @Nullable ServiceBusClaim last() {
        return claims.pollLast();
    }

    void remove(ServiceBusClaim claim) {
        claims.remove(claim);
    }

    boolean holds(Predicate<ServiceBusClaim> test) {
        return claims.stream().anyMatch(test);
    }

    /** The claim that waits, or else the next one, fails with this. */
    void fail(String operation, ServiceBusConfig.Entity entity, @Nullable Throwable cause) {
        if (!isStopped) {
            failure = ServiceBusErrors.failed(
                    operation, entity, cause == null ? new IllegalStateException("the link has ended") : cause);
            changed.signalAll();
        }
    }

    /** The same, where the link itself has failed: it may stay broken. */
    void failLink(String operation, ServiceBusConfig.Entity entity, @Nullable Throwable cause) {
        fail(operation, entity, cause);
        probe.linkFailed(cause);
    }

    void throwFailure() {
        SourceException thrown = failure;
        failure = null;
        if (thrown != null && !isStopped) {
            throw thrown;
        }
    }

    /** Why nothing will ever come, where that is known; any other failure is left to the next claim. */
    @Nullable Throwable takeRefusal() {
        Throwable cause = failure == null ? null : failure.getCause();
        if (cause == null || !ServiceBusErrors.isRefusal(cause)) {
            return null;
        }
        failure = null;
        return cause;
    }

    /** Whether a failure waits for the next claim. */
    boolean hasFailed() {
        return failure != null;
    }

    boolean isStopped() {
        return isStopped;
    }

    void stop() {
        isStopped = true;
        changed.signalAll();
    }

    /** Whether a claim has a reason to wait on. */
    boolean isWorthWaiting() {
        return claims.isEmpty() && !isStopped && failure == null;
    }

    @SuppressWarnings("WaitNotInLoop") // the claim loops, and has more to look at than this buffer
    void await(long nanos) throws InterruptedException {
        waiting++;
        try {
            var unused = changed.awaitNanos(nanos);
        } finally {
            waiting--;
        }
    }

    /**
     * Lets the SDK's thread go on while each look finds more messages: it hands them over one by one, and a claim is woken by the first. To claim them
     * one by one, too, would wake a thread of the engine for each. Gives the lock away meanwhile (ADR 0084).
     */
    @SuppressWarnings("ThreadPriorityCheck") // yields as a hint alone: where a processor is free it returns at once
    void gather(int enough) {
        int before = 0;
        for (int looks = 0; looks < LOOKS && claims.size() > before && claims.size() < enough; looks++) {
            before = claims.size();
            lock.unlock();
            try {
                Thread.yield();
            } finally {
                lock.lock();
            }
        }
    }

    /** Whether a claim waits. */
    boolean isAwaited() {
        return waiting > 0;
    }

    void signal() {
        changed.signalAll();
    }

    /** Without the lock. */
    void wakeUp() {
        run(changed::signalAll);
    }

    /** Takes a step with the lock held. */
    void run(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }
}
