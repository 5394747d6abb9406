package dev.claimant;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One batch, from its first claim to the result of its last. The gatherer's lock guards its state. */
final class GatheredBatch {

    private final ReentrantLock lock;
    private final CompletableFuture<Void> begins = new CompletableFuture<>();
    private final long gathersUntil;
    private final Map<Claim, CompletableFuture<Optional<Throwable>>> members = new LinkedHashMap<>();
    private @Nullable Batch begun;
    private @Nullable Thread thread;
    private boolean interrupted;

    /** A claim was told to stop and could not leave. */
    private volatile boolean someAreTold;

    GatheredBatch(ReentrantLock lock, Duration wait) {
        this.lock = lock;
        this.gathersUntil = System.nanoTime() + wait.toNanos();
    }

    // ---- with the lock held

    /** The claim has come; returns where its result will be. */
    CompletableFuture<Optional<Throwable>> add(Claim claim) {
        CompletableFuture<Optional<Throwable>> result = new CompletableFuture<>();
        members.put(claim, result);
        return result;
    }

    int size() {
        return members.size();
    }

    /** The batch waits for no more claims. Takes no lock, so that a thread that holds the engine's may call it. */
    void beginNow() {
        begins.complete(null);
    }

    // ---- for the batch's own thread

    /** Blocks until the batch is told to begin, because it is full, no claim is left in it or none can follow; or until its time is up. */
    void awaitClaims() {
        boolean begins = false;
        while (!begins) {
            begins = awaitBegin(gathersUntil - System.nanoTime());
        }
    }

    private boolean awaitBegin(long nanos) {
        try {
            begins.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException meantForNobody) { // no claim has been handed to the application yet
            return false;
        } catch (ExecutionException | TimeoutException timeIsUp) {
            return true;
        }
    }

    /** The batch as it is now: no claim leaves it any more without a result. */
    Batch begin() {
        lock.lock();
        try {
            thread = Thread.currentThread();
            begun = new Batch(members, this::oneHasItsResult);
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** The handler has returned, or thrown: that is the result of each claim that has none. No claim joins any more. */
    void end(Optional<Throwable> failure) {
        lock.lock();
        try {
            members.values().forEach(result -> result.complete(failure));
        } finally {
            lock.unlock();
        }
    }

    // ---- for the thread of a claim's slot

    /** Returns or throws as a handler for this claim alone would. */
    void await(Claim claim, CompletableFuture<Optional<Throwable>> result) throws Exception {
        Optional<Throwable> failure = await(result, claim);
        if (failure.isPresent()) {
            if (failure.get() instanceof Error error) {
                throw error;
            }
            throw failure.get() instanceof Exception exception ? exception : new Exception(failure.get());
        }
    }

    /** Waits on when it is interrupted, unless the claim can still leave: the batch's handler may be working on it. */
    private Optional<Throwable> await(CompletableFuture<Optional<Throwable>> result, Claim claim)
            throws InterruptedException, ExecutionException {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException told) {
                    if (leave(claim)) {
                        throw told;
                    }
                    wasInterrupted = true;
                    passOn(claim);
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean leave(Claim claim) {
        lock.lock();
        try {
            if (begun != null) {
                return false;
            }
            members.remove(claim);
            if (members.isEmpty()) {
                beginNow();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void passOn(Claim told) {
        someAreTold = true;
        interruptIf(batch -> (batch.lacks(told) && told.stopAsked() && !told.lockLost()) || onlyToldAreLeft(batch));
    }

    /** Those without a result may all be lost now. */
    private void oneHasItsResult() {
        if (someAreTold) {
            interruptIf(GatheredBatch::onlyToldAreLeft);
        }
    }

    /** One lost lock does not stop the work on the others; time that is up, or a drain, is the same for all. */
    private static boolean onlyToldAreLeft(Batch batch) {
        List<Claim> unfinished = batch.unfinished();
        return !unfinished.isEmpty() && unfinished.stream().allMatch(Claim::stopAsked);
    }

    /** Not with the lock held: an interrupt may run code of the application. */
    private void interruptIf(Predicate<Batch> mustStop) {
        Thread working = null;
        lock.lock();
        try {
            if (!interrupted && begun != null && mustStop.test(begun)) {
                interrupted = true;
                working = thread;
            }
        } finally {
            lock.unlock();
        }
        if (working != null) {
            working.interrupt();
        }
    }
}
