package dev.claimant.contract;

import dev.claimant.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A call into a source on a thread of its own. */
final class Underway<T> {

    private static final String NAME = "underway";

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Underway(Callable<T> call) {
        thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                NAME);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether this thread is one of ours, not the rule's own. */
    static boolean isUnderway() {
        return Thread.currentThread().getName().equals(NAME);
    }

    static <T> Underway<T> call(Callable<T> call) {
        return new Underway<>(call);
    }

    /** A claim that waits far longer than any rule is patient; returns when it waits indeed, or seems to be in a call to the broker. */
    static Underway<List<Claim>> claim(Pod pod, int demand) {
        Underway<List<Claim>> claim = new Underway<>(() -> pod.source.claim(demand, Duration.ofMinutes(10)));
        long settled = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        while (!claim.waits() && System.nanoTime() < settled) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return claim;
    }

    private boolean waits() {
        return result.isDone()
                || thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING;
    }

    void interrupt() {
        thread.interrupt();
    }

    T returns(Harness harness) {
        try {
            return result.get(harness.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed", e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw notInTime(harness, e);
        }
    }

    /** With a result or a failure, all the same. */
    void ends(Harness harness) {
        result.handle((value, failure) -> true)
                .orTimeout(harness.patience().toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    Throwable fails(Harness harness) {
        try {
            T value = result.get(harness.patience().toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError("the call returned " + value + " and should have failed");
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw notInTime(harness, e);
        }
    }

    private AssertionError notInTime(Harness harness, Exception cause) {
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            stack.append("\n\tat ").append(frame);
        }
        thread.interrupt();
        return new AssertionError("the call did not end within " + harness.patience() + "; it was" + stack, cause);
    }
}
